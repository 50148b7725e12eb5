using Bunit;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Domain.Journal;
using PerfPortal.Server.Pages.Admin;
using PerfPortal.Server.Views;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Pages.Admin;

public sealed class PipelineCardTests
{
    [Fact]
    public async Task It_says_the_state_in_a_word_and_follows_the_clock_though_nothing_is_stored()
    {
        await using var bench = new JournalBench();
        var names = new NameLimiter(new(Names: 1, Sources: 1));
        using var context = new PortalContext(add: services => services.AddSingleton(new PipelineReader(bench.Journal, names, new(new(), new(bench.Time, new(_ => 168, 168, 840, 19_200))))));
        _ = context.State;
        var card = context.Render<PipelineCard>();
        Assert.Equal("Storing", card.Find(".mud-chip").TextContent.Trim());
        Assert.Contains("stored immediately", card.Markup, StringComparison.Ordinal);

        var full = new JournalEntry[OperationJournal.Capacity];
        Array.Fill(full, new OperationEnded(MemoryJournal.Op()));
        _ = bench.Journal.SubmitAsync(full, JournalBench.Token);
        Assert.False(bench.Journal.TrySubmit(full[0]));
        names.Admit([new OperationEnded(MemoryJournal.Op(name: "first")), new OperationEnded(MemoryJournal.Op(name: "late"))]);
        context.Time.Advance(TimeSpan.FromSeconds(1));
        card.WaitForAssertion(() => Assert.Equal(["Rejecting", "Name limit reached"], card.FindAll(".mud-chip").Select(chip => chip.TextContent.Trim())));
        Assert.Contains("65,536 of 65,536", card.Markup, StringComparison.Ordinal);
        Assert.Contains("MaxOperationNames", card.Markup, StringComparison.Ordinal);
    }
}
