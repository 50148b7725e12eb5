using System.Text;
using FsCheck.Xunit;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Intake;
using Xunit;

namespace PerfPortal.Tests.Intake;

public sealed class ItemWordsTests
{
    [Property]
    public bool A_uuid_is_read_as_the_framework_reads_it(Guid id, bool upper, byte at, byte with)
    {
        string text = upper ? id.ToString("D").ToUpperInvariant() : id.ToString("D");
        byte[] changed = Encoding.ASCII.GetBytes(text);
        changed[at % changed.Length] = (byte)(with % 128);
        return ItemNames.Id(Encoding.ASCII.GetBytes(text)) == id
            && ItemNames.Id(Encoding.ASCII.GetBytes(text.Replace("-", "", StringComparison.Ordinal))) == id
            && (ItemNames.Id(changed) is not { } other || (Guid.TryParseExact(Encoding.ASCII.GetString(changed), "D", out var slow) && slow == other));
    }

    [Fact]
    public void Metric_types_and_outcomes_are_read_by_their_wire_names()
    {
        Assert.All(MetricTypes.All, type => Assert.Equal(type, ItemNames.Type(Encoding.ASCII.GetBytes(type.WireName()))));
        Assert.All(OperationStatuses.Outcomes, status => Assert.Equal(status, ItemNames.Outcome(Encoding.ASCII.GetBytes(status.WireName()))));
    }
}
