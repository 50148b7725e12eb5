using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>A step of a shape: a part and, where it has them, kind and name.</summary>
internal readonly record struct DetailStep(DetailPart Part, MetadataKind Kind = MetadataKind.Null, string? Name = null)
{
    /// <summary>Whether it has a name.</summary>
    public bool IsNamed => Part is DetailPart.Member or DetailPart.UsageValue;

    /// <summary>How its column is written.</summary>
    public ColumnKind Column => Part switch
    {
        DetailPart.Member => Kind switch
        {
            MetadataKind.Boolean or MetadataKind.Whole => ColumnKind.Integers,
            MetadataKind.Number => ColumnKind.Numbers,
            MetadataKind.Text or MetadataKind.Json => ColumnKind.Texts,
            _ => ColumnKind.None,
        },
        DetailPart.ProgressDone or DetailPart.ProgressTotal or DetailPart.UsageValue => ColumnKind.Numbers,
        DetailPart.ProgressUnit or DetailPart.TraceId or DetailPart.SpanId or DetailPart.ParentId => ColumnKind.Texts,
        DetailPart.Heartbeat => ColumnKind.Integers,
        DetailPart.Events => ColumnKind.Events,
        _ => ColumnKind.None,
    };

    /// <summary>Writes the step.</summary>
    public void Write(BlockBuffer target)
    {
        target.Byte((byte)Part);
        if (Part == DetailPart.Member)
        {
            target.Byte((byte)Kind);
        }

        if (IsNamed)
        {
            target.Text(Name!);
        }
    }

    /// <summary>Reads a step.</summary>
    /// <exception cref="InvalidDataException">There is no such step.</exception>
    public static DetailStep Read(ref BlockReader reader)
    {
        var step = new DetailStep((DetailPart)reader.Byte());
        if (step.Part > DetailPart.Events)
        {
            throw BlockReader.Damaged("an unknown part");
        }

        if (step.Part == DetailPart.Member)
        {
            step = step with { Kind = (MetadataKind)reader.Byte() };
            if (step.Kind > MetadataKind.Json)
            {
                throw BlockReader.Damaged("an unknown kind of value");
            }
        }

        return step.IsNamed ? step with { Name = reader.Text() } : step;
    }
}

/// <summary>How the values of a step are written.</summary>
internal enum ColumnKind
{
    /// <summary>Not at all: that the step is there says it.</summary>
    None,

    /// <summary><see cref="IntegerColumn"/>.</summary>
    Integers,

    /// <summary><see cref="NumberColumn"/>.</summary>
    Numbers,

    /// <summary><see cref="TextColumn"/>.</summary>
    Texts,

    /// <summary>Counts, times, kinds and details.</summary>
    Events,
}
