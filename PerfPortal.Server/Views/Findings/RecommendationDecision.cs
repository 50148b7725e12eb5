using PerfPortal.Domain.Findings;

namespace PerfPortal.Server.Views.Findings;

/// <summary>What somebody decided on a recommendation.</summary>
/// <param name="Id">Which.</param>
/// <param name="State">Its new state.</param>
/// <param name="Note">What they noted, or <see langword="null"/>.</param>
public sealed record RecommendationDecision(string Id, RecommendationState State, string? Note);
