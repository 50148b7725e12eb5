using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health;

/// <summary>A check that runs.</summary>
/// <param name="OperationId">Its operation; empty without a tracker.</param>
/// <param name="Completion">Ends with the health, or with the exception of the check.</param>
public sealed record StartedModelCheck(Guid OperationId, Task<ModelHealth> Completion);
