using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Alerts.Dispatch;
using PerfPortal.Server.Alerts.Receivers;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Hosting;
using Xunit;
using static PerfPortal.Tests.Alerts.Delivery.Messages;

namespace PerfPortal.Tests.Alerts.Delivery;

public sealed class SecrecyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_that_is_logged_contains_a_secret()
    {
        var logs = new LogRecords();
        await using var portal = await PortalFactory.StartWithAsync(services => services.AddLogging(logging => logging.AddProvider(logs).SetMinimumLevel(LogLevel.Trace)));
        foreach (object body in new object[]
        {
            new { name = "slack", kind = "slack", url = "https://no-such-host.invalid/services/T0/B0/secret-in-a-path" },
            new { name = "hook", kind = "webhook", url = "https://no-such-host.invalid/?key=secret-in-a-query", secret = "secret-signing-key", bearer_token = "secret-token" },
            new { name = "mail", kind = "email", smtp_host = "no-such-host.invalid", smtp_user = "u", secret = "secret-password", from = "a@b.example", to = new[] { "c@d.example" } },
        })
        {
            string id = (await portal.Client.PostAsync("alerts/receivers", body)).Expect(201)["id"].GetString()!;
            var told = (await portal.Client.PostAsync($"alerts/receivers/{id}/test", null)).Expect(200);
            Assert.DoesNotContain("secret-", told.Text, StringComparison.Ordinal);
        }

        Assert.NotEmpty(logs.All);
        Assert.DoesNotContain(logs.All, record => record.Message.Contains("secret-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_secret_belongs_to_its_receiver_and_one_that_cannot_be_decrypted_is_said_to_be_lost()
    {
        await using var portal = await PortalFactory.StartWithAsync(_ => { });
        var vault = portal.Services.GetRequiredService<ReceiverVault>();
        byte[] stored = vault.Protect("r1", new() { Secret = "a-signing-key" });
        Assert.Equal("a-signing-key", vault.Unprotect("r1", stored)!.Secret);
        Assert.Null(vault.Unprotect("r2", stored));
        Assert.Empty(vault.Protect("r1", ReceiverSecret.None));
        var store = portal.Services.GetRequiredService<IDeliveryStore>();
        await store.SaveReceiverAsync(Receiver(), [1, 2, 3], 0, Cancel);
        var receiver = Assert.Single(await store.ReadReceiversAsync(Cancel));
        var answer = await portal.Services.GetRequiredService<IAlertSender>().SendAsync(receiver, Message(Alert()), Cancel);
        Assert.Equal((DeliveryOutcome.Unavailable, ReceiverVault.Unreadable), (answer.Outcome, answer.Text));
    }

    [Fact]
    public void The_text_of_secrets_reveals_nothing() => Assert.DoesNotContain("a-signing-key", new ReceiverSecret { Secret = "a-signing-key" }.ToString(), StringComparison.Ordinal);
}
