using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Alerts.Dispatch;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Sqlite;
using PerfPortal.Tests.Alerts.Delivery;
using Xunit;
using static PerfPortal.Tests.Alerts.Delivery.Messages;

namespace PerfPortal.Tests.Storage;

public sealed class DeliveryStoreTests : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "perfportal-tests", Guid.NewGuid().ToString("N"));
    private EfDeliveryStore _store = null!;
    private RacingDatabase _database = null!;
    private EfAlertStore _alerts = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = new(new SqliteDatabase(Path.Combine(_folder, "portal.db"), new NameDirectory(), TimeProvider.System));
        await _database.MigrateAsync(Cancel);
        (_store, _alerts) = (new(_database), new(_database));
    }

    public ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_receiver_keeps_removes_and_replaces_its_secret_and_a_lost_race_changes_nothing()
    {
        Assert.True(await _store.SaveReceiverAsync(Receiver() with { Email = new("mail", 25, SmtpSecurity.None, null, "a@b", ["c@d"]), Routes = [new(null, null, new Dictionary<string, string> { ["a"] = "b" })] }, [1, 2], 0, Cancel));
        Assert.False(await _store.SaveReceiverAsync(Receiver(), [3], 7, Cancel));
        var stored = Assert.Single(await _store.ReadReceiversAsync(Cancel));
        Assert.Equal((1L, true, "b", "c@d"), (stored.Version, stored.HasSecret, stored.Routes[0].Labels["a"], stored.Email!.To[0]));
        Assert.True(await _store.SaveReceiverAsync(stored with { Name = "Other" }, null, 1, Cancel));
        Assert.Equal([1, 2], (await _store.ReadSecretAsync("r1", Cancel))!);
        Assert.True(await _store.SaveReceiverAsync(stored, [], 2, Cancel));
        Assert.Null(await _store.ReadSecretAsync("r1", Cancel));
        Assert.True(await _store.DeleteReceiverAsync("r1", Cancel));
        Assert.False(await _store.DeleteReceiverAsync("r1", Cancel));
    }

    [Fact]
    public async Task A_composed_message_removes_its_entries_and_a_result_is_stored_with_its_history()
    {
        var alert = Alert().Explained();
        await _alerts.CommitAsync(new() { Alerts = [alert], Outbox = [Entry(0, alert), Entry(0, alert, "r2"), Entry(0, alert)] }, Cancel);
        var entries = await _store.ReadOutboxAsync(10, Cancel);
        var delivery = new AlertDelivery { ReceiverId = "r1", Message = Message(alert) };
        await _store.ComposeAsync(delivery, [entries[0].Id], Cancel);
        await _store.RemoveOutboxAsync([entries[2].Id], Cancel);
        Assert.Equal("r2", Assert.Single(await _store.ReadOutboxAsync(10, Cancel)).ReceiverId);
        Assert.Equal(61, Assert.Single(await _store.ReadUnfinishedAsync(Cancel)).Message.Alerts[0].Explanation!.Points.Count);
        var after = RetrySchedule.After(delivery, new(DeliveryOutcome.Accepted, "200 OK"), Start.AddMinutes(6), 0);
        await _store.SaveAsync(after, DeliveryEvents.Of(after, "On call"), Cancel);
        Assert.Empty(await _store.ReadUnfinishedAsync(Cancel));
        Assert.Equal(AlertEventKind.Delivered, Assert.Single(await _alerts.ReadEventsAsync(alert.Id, Cancel)).Kind);
        Assert.Equal(DeliveryState.Delivered, Assert.Single(await _store.ReadDeliveriesAsync("r1", alert.Id, 10, Cancel)).State);
        Assert.Empty(await _store.ReadDeliveriesAsync("r2", null, 10, Cancel));
        Assert.Empty(await _store.ReadDeliveriesAsync(null, "another", 10, Cancel));
    }

    [Fact]
    public async Task A_receiver_that_is_deleted_while_its_messages_are_composed_and_saved_fails_nothing()
    {
        var alert = Alert();
        Assert.True(await _store.SaveReceiverAsync(Receiver(), null, 0, Cancel));
        await _alerts.CommitAsync(new() { Alerts = [alert], Outbox = [Entry(0, alert), Entry(0, alert, "r2")] }, Cancel);
        var entries = await _store.ReadOutboxAsync(10, Cancel);
        var delivery = new AlertDelivery { ReceiverId = "r1", Message = Message(alert) };

        _database.Race = () => _store.DeleteReceiverAsync("r1", Cancel);
        await _store.ComposeAsync(delivery, [.. entries.Select(entry => entry.Id)], Cancel);
        Assert.Empty(await _store.ReadOutboxAsync(10, Cancel));
        Assert.Single(await _store.ReadUnfinishedAsync(Cancel));

        Assert.True(await _store.SaveReceiverAsync(Receiver(), null, 0, Cancel));
        _database.Race = () => _store.DeleteReceiverAsync("r1", Cancel);
        var after = RetrySchedule.After(delivery, new(DeliveryOutcome.Accepted, "200 OK"), Start.AddMinutes(6), 0);
        await _store.SaveAsync(after, DeliveryEvents.Of(after, "On call"), Cancel);
        Assert.Empty(await _store.ReadDeliveriesAsync(null, null, 10, Cancel));
        Assert.Empty(await _alerts.ReadEventsAsync(alert.Id, Cancel));
    }

    [Fact]
    public async Task The_latest_message_of_each_group_and_the_messages_of_the_last_hour_are_read()
    {
        foreach (var (receiver, group, minute) in new[] { ("r1", "a", 0), ("r1", "a", 9), ("r1", "b", 3), ("r2", "a", 9), ("r1", "old", -90) })
        {
            var message = Message(Alert()) with { Key = $"{receiver}{group}{minute}", GroupKey = group, ComposedAt = Start.AddMinutes(minute), IsDigest = group == "b" };
            await _store.ComposeAsync(new() { ReceiverId = receiver, Message = message }, [], Cancel);
        }

        var latest = await _store.ReadLatestAsync(Start.AddHours(-1), Cancel);
        Assert.Equal(["r1a9", "r1b3", "r2a9"], latest.Select(delivery => delivery.Message.Key).Order());
        var composed = await _store.ReadComposedAsync(Start, Cancel);
        Assert.Equal((4, 1), (composed.Count, composed.Count(message => message.IsDigest)));
    }
}
