export { standardComponents } from "./components.js";
export { type Controller, type OpenedPolicy, type OpenPolicyOptions, openPolicy } from "./open-policy.js";
