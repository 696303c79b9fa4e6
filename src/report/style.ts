/** The look of the HTML report: light, and the same on a screen and on A4. */
export const STYLE = `
:root{color-scheme:light;--bg:#f6f6f3;--card:#fff;--ink:#15181c;--muted:#5d6570;--line:#e5e5df;--accent:#0a63c2;--tg:#2b88d0;--wa:#168a5b;--wash:#eef4fb;--good:#12715b;--bad:#b3261e;--warn:#9a5b00;--h0:#eef3f8;--h1:#bcd7ee;--h2:#6ea9d8;--h3:#2b73b0;--h4:#123f6b}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;overflow-wrap:anywhere;background:var(--bg);color:var(--ink);font:14px/20px Inter,"Inter Variable",system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums;print-color-adjust:exact;-webkit-print-color-adjust:exact}
main{max-width:768px;margin:0 auto;padding:40px 20px 32px}
header{display:flex;align-items:flex-start;gap:12px;margin-bottom:28px}
header svg{width:32px;height:32px;flex:none;fill:var(--accent)}
header .wave{fill:none;stroke:#fff;stroke-width:1.6;stroke-linecap:round}
h1{margin:0;font-size:24px;line-height:32px;font-weight:650;letter-spacing:-.02em}
header p{margin:4px 0 0;color:var(--muted)}
header .made{margin:0;font-size:12px}
header p b{color:var(--ink);font-weight:600}
h2{margin:0;font-size:14px;line-height:20px;font-weight:650;letter-spacing:-.005em}
.empty{font-size:16px;line-height:24px;margin:0 0 24px}
.answers{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:20px 24px;margin-bottom:28px}
.answers article{border-left:2px solid var(--accent);padding:0 0 0 16px;break-inside:avoid;min-width:0}
.answers article:last-child:nth-child(odd){grid-column:1/-1}
.answers .warn{border-color:var(--warn)}
.answers h2{font-size:12px;line-height:16px;font-weight:500;color:var(--muted);letter-spacing:0;margin-bottom:4px}
.answers p{margin:0 0 4px;font-size:16px;line-height:24px;letter-spacing:-.01em}
.answers strong{font-weight:650}
.answers small{font-size:12px;line-height:16px;color:var(--muted);overflow-wrap:anywhere}
.figures{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));background:var(--card);border:1px solid var(--line);border-radius:14px;margin:0 0 16px;break-inside:avoid}
.figures div{display:grid;grid-template-rows:subgrid;grid-row:span 4;padding:14px 16px 12px;min-width:0;border-left:1px solid var(--line);border-top:1px solid var(--line)}
.figures div:nth-child(3n+1){border-left:0}.figures div:nth-child(-n+3){border-top:0}
.figures dt,h2,figcaption span,.answers p,.more{overflow:hidden}
.figures dt{color:var(--muted);font-size:12px;line-height:16px}
.figures dd{margin:0}
.figures .value{font-size:22px;line-height:32px;font-weight:620;letter-spacing:-.02em;white-space:nowrap}
.figures .change{display:block;font-size:12px;line-height:16px;min-height:16px;font-weight:550;color:var(--muted)}
.change.good{color:var(--good)}.change.bad{color:var(--bad)}
.spark{display:block;width:100%;height:24px;margin-top:8px;overflow:visible}
.spark path{fill:none;stroke:var(--accent);stroke-width:1.25;vector-effect:non-scaling-stroke;stroke-linejoin:round;stroke-linecap:round}
.cards>*{margin-bottom:16px}
.pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:16px;break-inside:avoid}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:16px 20px;min-width:0;margin:0;break-inside:avoid}
.cards>.card{margin-bottom:16px}
figcaption{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 8px;margin-bottom:12px}
figcaption span{color:var(--muted);font-size:12px}
.key,.key li,figcaption>*{min-width:0}
.key{display:flex;flex-wrap:wrap;gap:0 12px;margin-left:auto;font-size:12px;font-weight:550;color:var(--muted);list-style:none;padding:0;margin-block:0}
.key li::before{content:"";display:inline-block;width:8px;height:8px;border-radius:2px;background:currentColor;margin-right:6px}
.key b{font-weight:550;color:var(--ink)}
.key .dashed::before{height:0;width:12px;border-top:1.5px dashed var(--ink);background:none;vertical-align:3px;border-radius:0}
.chart{overflow-x:auto}
.chart>svg{display:block;width:100%;height:auto;overflow:visible;font-size:11px}
svg text{fill:var(--muted);font-family:inherit}
svg .on{fill:var(--ink)}svg .dark{fill:#fff}
.end{text-anchor:end}.middle{text-anchor:middle}
.grid{stroke:var(--line)}.axis{stroke:#c9cac4}
.line{stroke:currentColor;stroke-width:1.75;stroke-linejoin:round;stroke-linecap:round}
.before{fill:none;stroke:var(--ink);stroke-width:1.1;stroke-dasharray:3 3;opacity:.7}
.partial{opacity:.6}
.accent{fill:var(--accent);color:var(--accent)}.tg{fill:var(--tg);color:var(--tg)}.wa{fill:var(--wa);color:var(--wa)}.warn{color:var(--warn)}g.warn,rect.warn{fill:var(--warn)}
.answers .warn{color:inherit}path.line{fill:none}
.h0{fill:var(--h0);color:var(--h0)}.h1{fill:var(--h1);color:var(--h1)}.h2{fill:var(--h2);color:var(--h2)}.h3{fill:var(--h3);color:var(--h3)}.h4{fill:var(--h4);color:var(--h4)}
table{border-collapse:collapse;width:100%;table-layout:fixed}
.bars .name{width:42%}
.bars th{font-weight:400;text-align:left;padding:4px 10px 4px 0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.bars td{padding:4px 0 4px 8px;text-align:right;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.bars .bar{padding-left:0}
.bars .bar svg{display:block;width:100%;height:12px;border-radius:3px;overflow:hidden}
.bars .aside{color:var(--muted)}
.numbers{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
.numbers th,.numbers td{padding:4px 0 4px 10px;text-align:left;vertical-align:top;font-weight:400;overflow-wrap:anywhere}
.numbers th{color:var(--muted);font-size:12px}.numbers .number{text-align:right}.numbers :first-child{padding-left:0}
.asked{list-style:none;margin:0;padding:0;counter-reset:place}
.asked li{display:grid;grid-template-columns:minmax(0,1fr) 96px auto;gap:2px 16px;padding:10px 0;border-top:1px solid var(--line);break-inside:avoid;align-items:center}
.asked li:first-child{border:0;padding-top:0}
.asked p{margin:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-weight:550}
.asked small{grid-column:1;color:var(--muted);font-size:12px;line-height:16px}
.asked .spark{margin:0;grid-row:1/3;grid-column:2}
.asked b{grid-row:1/3;grid-column:3;font-size:18px;font-weight:620;min-width:48px;text-align:right;letter-spacing:-.01em}
.asked em{font-style:normal;font-weight:550;font-size:12px;display:block;line-height:16px;color:var(--muted);letter-spacing:0}
.more{margin:8px 0 0;color:var(--muted);font-size:12px;line-height:16px}
.without{margin:20px 0 0;color:var(--muted);font-size:12px;line-height:18px}
.without b{font-weight:600;color:var(--ink)}
@media(max-width:640px){main{padding:24px 16px}.answers,.pair{grid-template-columns:minmax(0,1fr)}.figures{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}.figures div:nth-child(even){border-left:1px solid var(--line)}.figures div:nth-child(odd){border-left:0}.figures div:nth-child(n+3){border-top:1px solid var(--line)}.wide>svg{min-width:560px}.asked li{grid-template-columns:minmax(0,1fr) auto}.asked .spark{display:none}.asked p{white-space:normal}.asked b{grid-column:2}.card{padding:16px}.key{margin-left:0}}
@page{size:A4;margin:14mm 12mm}
@media print{body{background:#fff}main{max-width:none;padding:0}.card,.figures{border-color:#dcdcd6}.pair{gap:12px}.cards>*,.cards>.card{margin-bottom:12px}.card{padding:12px 16px}header{margin-bottom:20px}.answers{gap:14px 20px;margin-bottom:20px}.answers p{font-size:14px;line-height:20px}.answers small{display:block}.figures{margin-bottom:12px}.figures div{padding:10px 14px}.spark{margin-top:4px}.without{display:none}.chart{overflow:visible}}
`;
