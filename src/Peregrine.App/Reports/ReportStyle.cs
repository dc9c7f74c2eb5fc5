namespace Peregrine.App.Reports;

/// <summary>The look of a report: one set of tokens for light and dark, an 8-pixel grid, 13-pixel text, and rules for phones and paper.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root { color-scheme: light dark;
          --paper:#ffffff; --soft:#f4f6f7; --ink:#1c2126; --quiet:#59636d; --rule:#e2e6e9; --bar:#9aa5ae;
          --line:#2f5373; --amber:#865800; --gain:#00756a; --loss:#b5420c; --gain-tint:0,117,106; --loss-tint:201,76,16; --shade:rgba(47,83,115,.07) }
        @media (prefers-color-scheme: dark) { :root {
          --paper:#14181b; --soft:#1c2125; --ink:#e5e8ea; --quiet:#9ba5ad; --rule:#2c3338; --bar:#66717a;
          --line:#8fb6d9; --amber:#e3ad45; --gain:#45c2b1; --loss:#ff8c5f; --gain-tint:69,194,177; --loss-tint:255,140,95; --shade:rgba(143,182,217,.09) } }
        * { box-sizing: border-box }
        body { margin:0; background:var(--paper); color:var(--ink); font:13px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif; font-variant-numeric:tabular-nums }
        main { max-width:1136px; margin:0 auto; padding:32px 24px 48px }
        h1 { font-size:24px; line-height:32px; font-weight:600; margin:0; overflow-wrap:anywhere }
        h2 { font-size:15px; line-height:24px; font-weight:600; margin:0 0 8px }
        p { margin:0 0 8px; max-width:112ch }
        section { margin-top:40px }
        abbr { text-decoration:none; cursor:help }
        .under { margin-top:8px } .kind, .quiet, figcaption, th { color:var(--quiet) }
        .verdict { font-size:17px; line-height:24px; margin:16px 0 0; padding-left:12px; border-left:4px solid var(--bar); max-width:88ch }
        .verdict small { display:block; font-size:13px; line-height:20px; color:var(--quiet) }
        .verdict.good { border-color:var(--gain) } .verdict.bad { border-color:var(--loss) }
        .attention { color:var(--amber); margin:8px 0 0; padding-left:12px; border-left:4px solid var(--amber) }
        .gain { color:var(--gain) } .loss { color:var(--loss) } .none { color:var(--quiet) }
        .tiles { display:grid; grid-template-columns:repeat(8,1fr); gap:8px; margin-top:24px }
        .tile { background:var(--soft); border-radius:4px; padding:8px; min-width:0; display:grid; grid-template-rows:subgrid; grid-row:span 4; gap:0 }
        .tile b { display:block; font-size:18px; line-height:28px; font-weight:600; white-space:nowrap }
        .tile span { display:block; font-size:11px; line-height:16px; color:var(--quiet) } .tile abbr span { font-size:12px }
        .tile .in { margin-top:4px; padding-top:4px; border-top:1px solid var(--rule) }
        figure { margin:0 }
        figcaption { margin-top:4px; max-width:112ch }
        .plot { position:relative; margin-right:64px }
        .plot svg { display:block; width:100%; height:100%; overflow:visible }
        .plot + .plot { margin-top:16px }
        .plot.last, .axis { margin-bottom:24px }
        .yl, .xl, .mark { position:absolute; font-size:11px; line-height:16px; color:var(--quiet); white-space:nowrap }
        .yl { left:100%; margin-left:8px; transform:translateY(-50%) }
        .xl { top:100%; margin-top:2px; transform:translateX(-50%) }
        .mark { padding:0 8px; top:4px }
        path, rect, line { vector-effect:non-scaling-stroke }
        path { fill:none }
        .grid { stroke:var(--rule); stroke-width:1 }
        .zero { stroke:var(--bar); stroke-width:1 } .dash { stroke-dasharray:4 3 }
        .equity { stroke:var(--line); stroke-width:1.5; stroke-linejoin:round }
        .fall { stroke:var(--loss); stroke-width:1; stroke-linejoin:round } .fallen { fill:rgba(var(--loss-tint),.16) }
        .shade { fill:var(--shade) } .edge { stroke:var(--line); stroke-width:1 }
        .price { stroke:var(--bar); stroke-width:1 } .price.strong { stroke:var(--quiet) } .body { fill:var(--bar) } .hollow { fill:var(--paper); stroke:var(--bar); stroke-width:1 }
        .won { stroke:var(--gain) } .lost { stroke:var(--loss) } .way { stroke-width:1.25; opacity:.8 } .stem { stroke-width:1.5 }
        .dot { stroke-width:6; stroke-linecap:round } .dot.small { stroke-width:4.5 } .ring { stroke:var(--paper); stroke-width:9; stroke-linecap:round }
        .level { stroke-width:1; stroke-dasharray:4 3 } .entry { stroke:var(--ink); stroke-width:1 } .at { stroke:var(--ink) }
        .wonbar { fill:var(--gain) } .lostbar { fill:var(--loss) }
        .two { display:grid; grid-template-columns:repeat(2,minmax(0,1fr)); gap:40px }
        .scroll { overflow-x:auto }
        table { border-collapse:collapse; width:100% }
        th, td { padding:3px 8px; text-align:right; font-weight:400; white-space:nowrap; border-bottom:1px solid var(--rule) }
        th:first-child, td:first-child { text-align:left; padding-left:0 }
        td:last-child, th:last-child { padding-right:0 } .word { text-align:left }
        .months { table-layout:fixed } .months td, .months th { padding:4px 6px } .months td:last-child { font-weight:600 }
        .months td.m { border:2px solid var(--paper); border-radius:4px }
        .flow { display:grid; grid-template-columns:max-content 1fr max-content; gap:0 16px; align-items:center }
        .flow > * { line-height:28px } .flow .track { position:relative; height:14px } .flow .track i { position:absolute; top:0; bottom:0; min-width:1px; border-radius:2px; background:var(--loss) } .flow .track i.plus { background:var(--gain) } .flow .track i.sum { background:var(--line) }
        .flow .amount { text-align:right } .flow .total { font-weight:600; border-top:1px solid var(--rule) } .flow .track.total { height:29px } .flow .track.total i { top:7px; bottom:7px }
        .cards { display:grid; grid-template-columns:repeat(5,minmax(0,1fr)); gap:16px }
        .card .plot { margin-right:0 } .card b { font-weight:600 } .card figcaption { font-size:12px; line-height:16px }
        h3 { font-size:13px; line-height:24px; font-weight:600; margin:16px 0 8px }
        pre { margin:0; padding:12px 16px; background:var(--soft); border-radius:4px; white-space:pre-wrap; overflow-wrap:anywhere; font:12px/20px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace }
        ul, ol { margin:0; padding-left:20px } li { margin-bottom:4px; max-width:72ch }
        dl { display:grid; grid-template-columns:max-content minmax(0,1fr); gap:0 16px; margin:0 } dt { color:var(--quiet) } dt::first-letter, dl:not(.facts) dd::first-letter, li::first-letter { text-transform:uppercase } dd { margin:0; overflow-wrap:anywhere }
        .columns { columns:2; column-gap:40px } .columns table { break-inside:auto } .columns tr { break-inside:avoid }
        .strategy { margin-top:16px } .names td:first-child { white-space:normal; overflow-wrap:anywhere } .strategy h3:first-child { margin-top:0 } .said { width:auto } .said td { white-space:normal; text-align:left; vertical-align:top } .said td:first-child { white-space:nowrap; color:var(--quiet) }
        .gates tr:not(.note) td { border-bottom:0; padding-top:8px } .gates .note td { white-space:normal; text-align:left; color:var(--quiet); padding:0 0 8px; font-size:12px } .gates svg { display:block }
        footer { margin-top:40px; padding-top:8px; border-top:1px solid var(--rule); color:var(--quiet); overflow-wrap:anywhere }
        .empty { padding:24px 16px; background:var(--soft); border-radius:4px; color:var(--quiet) }
        @media (max-width:1000px) { .tiles { grid-template-columns:repeat(4,1fr) } .cards { grid-template-columns:repeat(3,minmax(0,1fr)) } }
        @media (max-width:680px) { main { padding:16px 16px 32px } section { margin-top:32px } .tiles { grid-template-columns:repeat(2,1fr) } .two { grid-template-columns:minmax(0,1fr); gap:32px }
          .columns { columns:1 } .cards { grid-template-columns:repeat(2,minmax(0,1fr)) } .odd { display:none } .plot { margin-right:48px } .months { font-size:12px; min-width:720px } dl { grid-template-columns:minmax(0,1fr) } dd { margin-bottom:8px } }
        @media print { :root { color-scheme:light; --paper:#ffffff; --soft:#f4f6f7; --ink:#1c2126; --quiet:#59636d; --rule:#e2e6e9; --bar:#9aa5ae;
          --line:#2f5373; --amber:#865800; --gain:#00756a; --loss:#b5420c; --gain-tint:0,117,106; --loss-tint:201,76,16; --shade:rgba(47,83,115,.07) }
          @page { size:A4; margin:12mm } body { font-size:11px; print-color-adjust:exact; -webkit-print-color-adjust:exact } main { padding:0; max-width:none } section { margin-top:24px }
          h2, h3 { break-after:avoid } figure, .tiles, .flow, table.whole, .card { break-inside:avoid } .tiles { grid-template-columns:repeat(4,1fr) } .tile b { font-size:16px } .scroll { overflow:visible } .cards { grid-template-columns:repeat(5,minmax(0,1fr)); gap:8px } .card figcaption { font-size:9px; line-height:12px } .two { gap:24px } th, td { padding:2px 4px; font-size:10px } .plot { margin-right:48px } }
        """;
}
