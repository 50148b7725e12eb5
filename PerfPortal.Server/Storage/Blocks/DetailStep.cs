using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>A step of a shape: a part and, if applicable, its kind and name.</summary>
internal readonly record struct DetailStep(DetailPart Part, MetadataKind Kind = MetadataKind.Null, string? Name = null)
{
    /// <summary>Whether the step has a name.</summary>
    public bool IsNamed => Part is DetailPart.Member or DetailPart.UsageValue;

    /// <summary>The encoding of the column.</summary>
    public ColumnKind Column => Part switch
    {
        DetailPart.Member => Kind switch
        {
            MetadataKind.Boolean or MetadataKind.Whole => ColumnKind.Integers,
            MetadataKind.Number => ColumnKind.Numbers,
            MetadataKind.Text or MetadataKind.Json or MetadataKind.Digits => ColumnKind.Texts,
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
    /// <exception cref="InvalidDataException">The step is invalid.</exception>
    public static DetailStep Read(ref BlockReader reader)
    {
        var step = new DetailStep((DetailPart)reader.Byte());
        if (step.Part > DetailPart.Events)
        {
            throw BlockReader.Damaged("unknown detail part");
        }

        if (step.Part == DetailPart.Member)
        {
            step = step with { Kind = (MetadataKind)reader.Byte() };
            if (step.Kind > MetadataKind.Digits)
            {
                throw BlockReader.Damaged("unknown metadata kind");
            }
        }

        return step.IsNamed ? step with { Name = reader.Text() } : step;
    }
}

/// <summary>The encoding of the values of a step.</summary>
internal enum ColumnKind
{
    /// <summary>No values; the presence of the step is the information.</summary>
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
