using PerfPortal.Domain.Findings;

namespace PerfPortal.Server.Views.Findings;

/// <summary>A user's decision on a recommendation.</summary>
/// <param name="Id">The id of the recommendation.</param>
/// <param name="State">The new state.</param>
/// <param name="Note">An optional note.</param>
public sealed record RecommendationDecision(string Id, RecommendationState State, string? Note);
