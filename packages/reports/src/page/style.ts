import { font, ink, line, muted, paper, series } from "../render/theme.js";

const variables = (scheme: "light" | "dark"): string =>
  `--ink:${ink[scheme]};--muted:${muted[scheme]};--line:${line[scheme]};--paper:${paper[scheme]};` +
  `--link:${series[0][scheme]};--warn:${series[1][scheme]};--page:${scheme === "light" ? "#f6f8fa" : "#0a0d12"};`;

/** The page's own style sheet, for both colour schemes and for print. */
export const style = `
:root{color-scheme:light dark;${variables("light")}}
@media (prefers-color-scheme:dark){:root{${variables("dark")}}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 ${font}}
main,header,footer{max-width:1240px;margin:0 auto;padding:0 24px}
header{padding-top:36px}
h1{font-size:26px;line-height:1.2;margin:0 0 6px;font-weight:650}
h2{font-size:19px;line-height:1.3;margin:44px 0 14px;font-weight:650}
h3{font-size:15px;margin:20px 0 8px;font-weight:600}
p{margin:0 0 10px;max-width:76ch}
.lead,.absent,.note,footer{color:var(--muted)}
nav{margin-top:16px}
nav ul{display:flex;flex-wrap:wrap;gap:4px 20px;list-style:none;margin:0;padding:0}
a{color:var(--link);text-underline-offset:3px}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.charts+.card,.card+.card{margin-top:18px}
.charts+p,.card+p{margin-top:14px}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,480px),1fr));gap:18px}
.card,figure{margin:0;background:var(--paper);border:1px solid var(--line);border-radius:8px;overflow:hidden}
figure{display:flex;flex-direction:column}figure>details{margin-top:auto}
.card{padding:16px 18px}
.card>:last-child,.scroll>:last-child{margin-bottom:0}
.warning{border-left:4px solid var(--warn)}
.stack>*+*{margin-top:14px}
svg.chart{display:block;width:100%;height:auto;max-width:640px}
details{border-top:1px solid var(--line);padding:10px 18px}
.card details{border:0;padding:4px 0}
summary{cursor:pointer;color:var(--muted);font-size:13px}
.scroll{overflow:auto;max-height:440px;margin-top:8px}
table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
th,td{padding:6px 12px;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--muted);white-space:nowrap;position:sticky;top:0;background:var(--paper)}
tbody tr:last-child td{border-bottom:0}
.number{text-align:right;white-space:nowrap}
td.text{overflow-wrap:anywhere;min-width:11em}
ul.notes{margin:0;padding-left:20px}
footer{padding-top:36px;padding-bottom:48px;font-size:13px}
@media print{body{background:none}.card,figure{break-inside:avoid}details{display:none}.scroll{max-height:none}}
`;
