"""How the report looks. It is written into the page; nothing is fetched."""

STYLE = """
:root{color-scheme:light dark;--page:#f5f6fa;--card:#fff;--ink:#1b1d29;--quiet:#5b6078;--line:#d9dce8;--human:#2546b8;
--automatic:#8a5a00;--wish:#176b3a;--did:#b3132b;--on:#fff}
@media screen and (prefers-color-scheme:dark){:root{--page:#14161f;--card:#1e2130;--ink:#e8eaf6;--quiet:#a3a9c6;
--line:#3a4060;--human:#a9baff;--automatic:#f3c46b;--wish:#7fd6a0;--did:#ff8f9c;--on:#14161f}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);line-height:1.55;overflow-wrap:anywhere;
font-family:system-ui,"Noto Sans","Noto Sans CJK JP","Noto Sans JP","Hiragino Sans","Yu Gothic",sans-serif}
header,main,footer{max-width:60rem;margin:0 auto;padding:0 1rem}
header{padding-top:2rem}h1{margin:0;font-size:1.6rem;line-height:1.25}h2{margin:2.5rem 0 .5rem;font-size:1.2rem}
h3{margin:1rem 0 .3rem;font-size:1rem}p{margin:.4rem 0;max-width:46rem}
.quiet,footer{color:var(--quiet);font-size:.88rem}
.sums{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem;margin:1.25rem 0;padding:0;
list-style:none}
.sums li,.plot,.scroll{background:var(--card);border:1px solid var(--line);border-radius:.5rem}
.sums li{padding:.6rem .85rem;color:var(--quiet);font-size:.86rem}
.sums b{display:block;font-size:1.5rem;line-height:1.2;color:var(--ink);font-variant-numeric:tabular-nums}
.plot{padding:.75rem;overflow-x:auto;margin:.5rem 0}.plot svg{display:block;width:100%;min-width:34rem;height:auto}
.scroll{overflow-x:auto;margin:.5rem 0}
svg text{fill:var(--ink);font-size:12px}svg .end{text-anchor:end}svg .middle,svg .count,svg .number{text-anchor:middle}
svg .grid{stroke:var(--line)}svg .curve{fill:none;stroke-width:3}.curve.human{stroke:var(--human)}
.curve.automatic{stroke:var(--automatic);stroke-dasharray:7 4}
.wish circle{fill:var(--wish)}.did circle{fill:var(--did)}svg .number,svg .count.strong{fill:var(--on);font-weight:600}
svg .count{font-size:10px}svg .cell{fill:var(--page)}.arrivals,.bar{fill:var(--human)}.breaches{fill:var(--did)}
.key b{display:inline-block;width:1.6rem;border-top:3px solid var(--human);margin:0 .4rem .25rem 0}
.key b.automatic{border-top-style:dashed;border-color:var(--automatic)}
.key i{display:inline-block;width:.8rem;height:.8rem;border-radius:50%;background:var(--wish);margin-right:.4rem}
.key i.did{background:var(--did)}.key span{margin-right:1.2rem;white-space:nowrap}
table{border-collapse:collapse;width:100%;font-size:.88rem;font-variant-numeric:tabular-nums}
th,td{padding:.35rem .7rem;text-align:left;border-bottom:1px solid var(--line);white-space:nowrap}
tr:last-child td{border-bottom:0}th{color:var(--quiet);font-weight:600}td.text{white-space:normal;min-width:14rem}
footer{padding-top:2rem;padding-bottom:3rem}
@media(max-width:40rem){header{padding-top:1.25rem}.sums{grid-template-columns:repeat(2,1fr);gap:.5rem}}
@media print{body{font-size:10pt}.plot,tr,.sums li{break-inside:avoid}}
"""
