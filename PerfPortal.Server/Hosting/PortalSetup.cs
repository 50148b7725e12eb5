using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Advice.Learned;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Preview;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Anomalies;
using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Analysis.Damage;
using PerfPortal.Domain.Analysis.Failures;
using PerfPortal.Domain.Analysis.Forecasts;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Analysis.Recommendations.Effects;
using PerfPortal.Domain.Analysis.Regressions;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Analysis.Silence;
using PerfPortal.Domain.Analysis.Suggestions;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Sampling;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Tracking;
using PerfPortal.Domain.Tracking.Remaining;
using PerfPortal.Server.Alerts;
using PerfPortal.Server.Alerts.Channels;
using PerfPortal.Server.Settings;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.SizeLimit;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Advice;

namespace PerfPortal.Server.Hosting;

/// <summary>Registers the core services.</summary>
internal static class PortalSetup
{
    /// <summary>Registers the services from the journal to the analysis.</summary>
    public static IServiceCollection AddPortalCore(this IServiceCollection services, PortalOptions options) => services
        .AddSingleton(options)
        .AddSingleton(TimeProvider.System)
        .AddSingleton<PortalReadiness>()
        .AddJournal(options)
        .AddTracking(options)
        .AddSampling(options)
        .AddAnalysis()
        .AddAdvice()
        .AddAlerts(options)
        .AddBackgroundServices(options);

    private static IServiceCollection AddJournal(this IServiceCollection services, PortalOptions options) => services
        .AddSingleton(new RetentionPolicy(
            options.RetentionHoursOf, options.MetricsRetentionHours, options.EffectiveMinuteRollupRetentionHours, options.EffectiveHourRollupRetentionHours,
            options.OperationSamplePercent == 100
                ? null
                : new(options.OperationSampleAfterHours, options.OperationSamplePercent / 100.0, options.OperationSampleSlowestPercent / 100.0)))
        .AddSingleton<RetentionHorizons>()
        .AddSingleton(provider => new RollupBuffer(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RollupBuffer>>(), (long)options.RollupCacheMb << 20))
        .AddSingleton(new NameLimiter(new(options.MaxOperationNames, options.MaxSources)))
        .AddSingleton<OperationJournal>()
        .AddSingleton<StatisticsReader>()
        .AddSingleton<ResourceHistory>()
        .AddSingleton<EfSettingStore>()
        .AddSingleton<EfMarkerStore>()
        .AddSingleton<LatestFailures>()
        .AddSingleton<ICommitListener>(provider => provider.GetRequiredService<LatestFailures>())
        .AddSingleton<ICommitListener>(provider => provider.GetRequiredService<EtaTracking>())
        .AddSingleton<ICommitListener>(provider => provider.GetRequiredService<SeriesReader>())
        .AddSingleton<ICommitListener>(provider => provider.GetRequiredService<LastReports>())
        .AddSingleton<ICommitListener>(provider => provider.GetRequiredService<AnomalyDetector>())
        .AddSingleton<ICommitListener>(provider => provider.GetRequiredService<AdviceHistory>())
        .AddSingleton<ICommitListener>(provider => provider.GetRequiredService<ReportedChecks>())
        .AddSingleton<ISourceListener>(provider => provider.GetRequiredService<LatestFailures>())
        .AddSingleton<ISourceListener>(provider => provider.GetRequiredService<ActiveOperations>())
        .AddSingleton<ISourceListener>(provider => provider.GetRequiredService<EtaEstimator>())
        .AddSingleton<ISourceListener>(provider => provider.GetRequiredService<SeriesReader>())
        .AddSingleton<ISourceListener>(provider => provider.GetRequiredService<LastReports>())
        .AddSingleton<ISourceListener>(provider => provider.GetRequiredService<AdviceHistory>())
        .AddSingleton<ISourceListener>(provider => provider.GetRequiredService<ReportedChecks>())
        .AddSingleton<ISourceListener>(provider => provider.GetRequiredService<PerformanceAnalyzer>())
        .AddSingleton<ISourceListener>(provider => provider.GetRequiredService<KnownSources>())
        .AddSingleton<ISourceListener>(provider => new LateSourceListener(provider.GetRequiredService<AlertEngine>))
        .AddSingleton(provider =>
        {
            var ledger = provider.GetRequiredService<RecommendationLedger>();
            var findings = provider.GetRequiredService<FindingLedger>();
            var thresholds = provider.GetRequiredService<ThresholdSettings>();

            // The engine is created later: it reads what the journal stores.
            return new LiveFeed(
                provider.GetRequiredService<ActiveOperations>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LiveFeed>>(),
                () => ledger.Version + findings.Version + thresholds.Version, () => provider.GetRequiredService<AlertEngine>().Version);
        })

        // Registered last, so that the other listeners are up to date when the feed notifies its clients.
        .AddSingleton<ICommitListener>(provider => provider.GetRequiredService<LiveFeed>())
        .AddSingleton<ISourceListener>(provider => provider.GetRequiredService<LiveFeed>());

    private static IServiceCollection AddTracking(this IServiceCollection services, PortalOptions options) => services
        .AddSingleton<ActiveOperations>()
        .AddSingleton<OperationReports>()
        .AddSingleton<EtaEstimator>()
        .AddSingleton<EtaTracking>()
        .AddSingleton<ThresholdSettings>()
        .AddSingleton<BaselineSettings>()
        .AddSingleton(provider =>
        {
            var thresholds = provider.GetRequiredService<ThresholdSettings>();
            return new AbandonPolicy(
                type => TimeSpan.FromSeconds(options.AbandonAfterSeconds[type]), type => TimeSpan.FromSeconds(thresholds.Current.OperationTimeoutSeconds[type]));
        })
        .AddSingleton<ActiveKeeper>()
        .AddSingleton(provider =>
        {
            var sampler = provider.GetRequiredService<ResourceSampler>();
            return new PerformanceTracker(
                provider.GetRequiredService<ActiveOperations>(), provider.GetRequiredService<OperationJournal>(), provider.GetRequiredService<TimeProvider>(),
                resources: () => sampler.Latest);
        });

    private static IServiceCollection AddSampling(this IServiceCollection services, PortalOptions options)
    {
        var sampling = new SamplerOptions
        {
            Source = HostSource.Name,
            Interval = TimeSpan.FromSeconds(options.ResourceSampleInterval),
            DataDirectory = options.DataDirectory,
            EnableGpu = options.EnableGpuMonitoring,
        };
        return services
            .AddSingleton(sampling)
            .AddSingleton<ISampleSink>(provider => new JournalSampleSink(
                provider.GetRequiredService<OperationJournal>(), provider.GetRequiredService<PerformanceTracker>))
            .AddSingleton(_ => HostProbes.Create(sampling))
            .AddSingleton<ResourceSampler>();
    }

    private static IServiceCollection AddAnalysis(this IServiceCollection services) => services
        .AddSingleton<IRecommendationStore, EfRecommendationStore>()
        .AddSingleton<RecommendationLedger>()
        .AddSingleton(provider => provider.GetRequiredService<PortalOptions>().AnalysisWindows)
        .AddSingleton<PerformanceAnalyzer>()
        .AddSingleton<SeriesReader>()
        .AddSingleton<IFindingStore, EfFindingStore>()
        .AddSingleton<FindingLedger>()
        .AddSingleton<IFindingDetector, SilenceDetector>()
        .AddSingleton<AnomalyDetector>()
        .AddSingleton<IFindingDetector>(provider => provider.GetRequiredService<AnomalyDetector>())
        .AddSingleton<IFindingDetector, RegressionDetector>()
        .AddSingleton<IFindingDetector, RecurringFailureDetector>()
        .AddSingleton<IFindingDetector>(provider => new ForecastDetector(
            provider.GetRequiredService<SeriesReader>(), provider.GetRequiredService<ActiveOperations>(), HostSource.Of))
        .AddSingleton<ReportedChecks>()
        .AddSingleton<IFindingDetector>(provider => new DamagedModelDetector(
            provider.GetRequiredService<ReportedChecks>(), provider.GetRequiredService<IOperationReader>(), provider.GetRequiredService<FindingLedger>(), HostSource.Name))
        .AddSingleton<InsightEngine>()
        .AddSingleton<EffectMeter>()
        .AddSingleton<ThresholdAdvisor>()
        .AddSingleton<BenchmarkReader>()
        .AddSingleton<PeriodComparer>();

    private static IServiceCollection AddAdvice(this IServiceCollection services) => services
        .AddSingleton<AdviceHistory>()
        .AddSingleton<IAdviceFactsReader, AdviceFactsReader>()
        .AddSingleton<HistoryAdviser>()
        .AddSingleton<IAdviser>(provider => provider.GetRequiredService<HistoryAdviser>())
        .AddSingleton<EffectReader>()
        .AddSingleton(provider => new AdviceTrial(provider.GetRequiredService<IAdviser>()));

    private static IServiceCollection AddAlerts(this IServiceCollection services, PortalOptions options)
    {
        // A mistake in the file stops the start.
        var provisioned = AlertRulesFile.Read(options.Alerts.RulesFile);
        return services.AddAlerts(provisioned);
    }

    private static IServiceCollection AddAlerts(this IServiceCollection services, IReadOnlyList<AlertRule> provisioned) => services
        .AddSingleton<IAlertStore, EfAlertStore>()
        .AddSingleton<IDeliveryStore, EfDeliveryStore>()
        .AddSingleton<LastReports>()
        .AddSingleton<SignalReader>()
        .AddSingleton<SignalHistory>()
        .AddSingleton<AlertPreview>()
        .AddSingleton<AlertNoise>()
        .AddSingleton(provider => new AlertRuleBook(
            provider.GetRequiredService<IAlertStore>(),
            async token => (await provider.GetRequiredService<ThresholdSettings>().ReadAsync(token).ConfigureAwait(false)).Thresholds, provisioned))
        .AddSingleton<AlertExplainer>()
        .AddSingleton<IAlertSource, PortalAlertSource>()
        .AddSingleton<AlertEngine>();

    /// <summary>Services stop in reverse order; the journal stops last, when no service submits entries any more.</summary>
    private static IServiceCollection AddBackgroundServices(this IServiceCollection services, PortalOptions options)
    {
        services
            .AddSingleton<FatalStop>()
            .AddSingleton<DatabaseOwnership>()
            .AddSingleton<JournalService>()
            .AddHostedService(provider => provider.GetRequiredService<JournalService>())
            .AddHostedService<TrackerService>()
            .AddHostedService(provider => provider.GetRequiredService<LiveFeed>())
            .AddHostedService<SamplingService>()
            .AddHostedService<ActiveOperationsService>()
            .AddHostedService<EtaStateService>()
            .AddHostedService<LossService>()
            .AddHostedService<AdviceHistoryService>()
            .AddHostedService<RetentionService>()
            .AddSingleton<HorizonStore>()
            .AddHostedService<SizeLimitService>()
            .AddHostedService<PeriodicAnalysisService>()
            .AddHostedService<AlertDispatchService>()
            .AddHostedService<AlertService>()
            .AddHostedService<ModelsService>();
        if (options.Alerts.HeartbeatUrl is { } heartbeatUrl)
        {
            services.AddHeartbeat(heartbeatUrl, TimeSpan.FromMinutes(options.Alerts.HeartbeatMinutes));
        }

        if (options.SelfTuning)
        {
            services.AddHostedService<SelfTuningService>();
        }

        return options.Database.Provider == DatabaseProvider.Sqlite ? services.AddHostedService<PackingService>() : services;
    }

    /// <summary>The heartbeat stops when reports are not stored, and when alerts have not been evaluated for a while.</summary>
    private static void AddHeartbeat(this IServiceCollection services, Uri url, TimeSpan period) => services
        .AddSingleton(provider => new Heartbeat(
            url,
            async token => JournalTrouble.Of(provider.GetRequiredService<OperationJournal>().Status)
                ?? Heartbeat.ExplainEvaluation(
                    (await provider.GetRequiredService<AlertEngine>().ReadAsync(token).ConfigureAwait(false)).EvaluatedAt, provider.GetRequiredService<TimeProvider>().GetUtcNow()),
            provider.GetRequiredService<AlertHttp>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Heartbeat>>()))
        .AddHostedService(provider => new HeartbeatService(
            provider.GetRequiredService<Heartbeat>(), period, provider.GetRequiredService<PortalReadiness>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<HeartbeatService>>()));
}
