namespace PerfPortal.Domain.Statistics.ChangePoints;

/// <summary>The statistic of every split of a stretch of a series: of its values, or of the shares in it.</summary>
internal interface ISplitScan
{
    /// <summary>The number of steps of the series.</summary>
    int Length { get; }

    /// <summary>
    /// Computes for each split of [from, to) the standard normal statistic of a change there, positive when the second part is higher, into <c>z[split − from]</c>;
    /// 0 where no split is allowed. The variance of a mean is <paramref name="factor"/> times that of independent values (<see cref="Dependence"/>).
    /// </summary>
    void Statistics(int from, int to, double factor, Span<double> z);
}
