using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Analysis.Regressions;
using PerfPortal.Server.Views.Alerts;
using PerfPortal.Server.Views.Dashboard;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Server.Views.Losses;
using PerfPortal.Server.Views.Models;
using PerfPortal.Server.Views.Operations;
using PerfPortal.Server.Views.Reports;

namespace PerfPortal.Server.Views;

/// <summary>Registers the read models that pages, endpoints, hub and reports share.</summary>
internal static class ViewsSetup
{
    /// <summary>Adds the read models; all of them are thread-safe singletons.</summary>
    public static IServiceCollection AddPortalViews(this IServiceCollection services) => services
        .AddSingleton<HeavyReads>()
        .AddSingleton<KnownSources>()
        .AddSingleton<AnalysisService>()
        .AddSingleton<SourceOperations>()
        .AddSingleton<RecommendationReader>()
        .AddSingleton<FindingReader>()
        .AddSingleton<IncidentReader>()
        .AddSingleton<MarkerReader>()
        .AddSingleton<FindingChartReader>()
        .AddSingleton<InsightService>()
        .AddSingleton<IKnownEvents, KnownEvents>()
        .AddSingleton<ThresholdPreview>()
        .AddSingleton<ScoreReader>()
        .AddSingleton<IScoreSource, ScoreSource>()
        .AddSingleton<OperationStatistics>()
        .AddSingleton<ActiveReader>()
        .AddSingleton<LiveReader>()
        .AddSingleton<OperationTreeReader>()
        .AddSingleton<DashboardCache>()
        .AddSingleton<DashboardReader>()
        .AddSingleton<ReportReader>()
        .AddSingleton<DemonstrationMark>()
        .AddSingleton<StorageLimit>()
        .AddSingleton<PipelineReader>()
        .AddSingleton<IPortalHealth, PortalHealth>()
        .AddSingleton<AlertReader>()
        .AddSingleton<DeliveryReader>()
        .AddSingleton<SilenceKeeper>()
        .AddSingleton<ModelReader>()
        .AddSingleton<ModelCheckHistory>()
        .AddSingleton<IntegrityReader>()
        .AddSingleton<FallbackReader>()
        .AddSingleton<LossBook>()
        .AddSingleton<LossKeeper>()
        .AddSingleton<LossNotice>()
        .AddSingleton<NoticeReader>();
}
