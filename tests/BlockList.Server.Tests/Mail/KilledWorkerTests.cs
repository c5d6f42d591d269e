using BlockList.Server.Mail;
using Xunit;

namespace BlockList.Server.Tests.Mail;

/// <summary>The role as an operator starts it.</summary>
public sealed class KilledWorkerTests(MailWorld world) : IClassFixture<MailWorld>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Worker_that_dies_between_sending_and_writing_it_down_leaves_a_second_copy_that_is_known_by_its_id()
    {
        await using var relay = await Relay.StartAsync();
        await world.WriteAsync("anna@people.example");
        var settings = Settings(relay);
        using (var dying = await RoleProgram.StartAsync("worker", Write(settings), MailFaults.Sent)) await dying.WaitForExitAsync(Ct).WaitAsync(TimeSpan.FromSeconds(60), Ct);
        Assert.Single(relay.Received);
        Assert.Equal("1 | f", await world.RowAsync("attempts, sent_at is not null"));

        await world.DueAsync();
        using var worker = await RoleProgram.StartAsync("worker", Write(settings));
        for (var wait = 0; wait < 300 && await world.RowAsync("sent_at is not null") != "t"; wait++) await Task.Delay(200, Ct);
        worker.Kill();

        Assert.Equal("2 | t", await world.RowAsync("attempts, sent_at is not null"));
        Assert.Equal(2, relay.Received.Count);
        Assert.Equal(relay.Received[0].Raw, relay.Received[1].Raw);
    }

    [Fact]
    public async Task Setting_that_cannot_work_is_refused_at_the_start_with_what_to_do()
    {
        await using var relay = await Relay.StartAsync();
        var settings = Settings(relay);
        settings["Mail:Site"] = "http://complaints.blocklist.example";

        var (exitCode, errors) = await RoleProgram.FailAsync("worker", Write(settings));

        Assert.Equal(2, exitCode);
        Assert.Contains("Set [Mail] Site to the portal's public address", errors, StringComparison.Ordinal);
    }

    private Dictionary<string, string?> Settings(Relay relay) => new()
    {
        ["Database:ConnectionString"] = world.Database.Worker,
        ["Health:Port"] = "0",
        ["Mail:From"] = "BlockList <complaints@blocklist.example>",
        ["Mail:Relay"] = "127.0.0.1",
        ["Mail:Port"] = relay.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["Mail:Security"] = "none",
        ["Mail:Site"] = "https://complaints.blocklist.example",
    };

    private static string Write(Dictionary<string, string?> settings)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("worker-").FullName, "worker.ini");
        File.WriteAllText(file, IniFile.Of(settings));
        return file;
    }
}
