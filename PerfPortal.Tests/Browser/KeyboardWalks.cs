using Xunit;

namespace PerfPortal.Tests.Browser;

/// <summary>Walks that press keys as fast as a machine does: they run one at a time after all other tests, so that the pages can keep up.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class KeyboardWalks
{
    /// <summary>The name of the collection.</summary>
    public const string Name = "Keyboard walks";
}
