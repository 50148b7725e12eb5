namespace PerfPortal.Server.Reports;

/// <summary>The style of a report file for screen (light and dark) and print.</summary>
internal static class ReportStyle
{
    /// <summary>The style sheet.</summary>
    public const string Text = """
        :root { color-scheme: light dark; --text: #1b1f26; --text-2: #505a68; --bg: #fff; --line: #d9dde3; --head: #eff1f4; --accent: #0b62c4; --ok: #1a7340; --bad: #b3261e; }
        @media screen and (prefers-color-scheme: dark) { :root { --text: #e6e9ee; --text-2: #a3adba; --bg: #171b21; --line: #2c333d; --head: #1e232b; --accent: #6cb0ff; --ok: #5fcf8e; --bad: #ff8a80; } }
        body { margin: 0; background: var(--bg); color: var(--text); font: 14px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
        main { max-width: 1200px; margin: 0 auto; padding: 24px; }
        h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 24px 0 8px; } h3 { font-size: 13px; margin: 12px 0 6px; } p { margin: 4px 0; }
        figure { margin: 12px 0; } .hint { color: var(--text-2); font-size: 12px; } .report-score { font-size: 24px; font-weight: 600; } .report-list { padding-left: 18px; margin: 4px 0; }
        .report-table { overflow-x: auto; } table { width: 100%; border-collapse: collapse; font-size: 12px; font-variant-numeric: tabular-nums; }
        th, td { padding: 4px 8px; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; } thead th { background: var(--head); } tbody th { font-weight: 400; }
        td:last-child { white-space: normal; } .right { text-align: right; } .visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        .report-bars { display: block; width: 100%; height: 120px; border-bottom: 1px solid var(--line); } .bar-ok { fill: var(--ok); } .bar-bad { fill: var(--bad); }
        .report-history { width: 160px; } .spark { display: block; width: 160px; height: 20px; } .spark path { fill: none; stroke: var(--accent); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
        @media print { :root { color-scheme: light; --text: #000; --text-2: #444; --line: #bbb; --head: #eee; }
          main { padding: 0; max-width: none; } .report-table { overflow: visible; } table { font-size: 8px; } th, td { padding: 2px 4px; } th, td:not(.num) { white-space: normal; } tr, figure { break-inside: avoid; } h2, h3 { break-after: avoid; }
          * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } @page { size: A4 landscape; margin: 12mm; } }
        """;
}
