export { type MadeDataset, type MakeOptions, makeRecipe } from "./make-recipe.js";
export { type Recipe, recipes } from "./recipes.js";
