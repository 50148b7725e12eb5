namespace PerfPortal.Domain.Analysis.Damage;

/// <summary>What is wrong with a model.</summary>
[Flags]
public enum ModelFaults : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Content is not what it should be.</summary>
    Corruption = 1,

    /// <summary>Files are missing.</summary>
    MissingFiles = 2,

    /// <summary>The integrity score is below 1, and the check does not say why.</summary>
    LowScore = 4,

    /// <summary>Everything that can be wrong.</summary>
    All = Corruption | MissingFiles | LowScore,
}
