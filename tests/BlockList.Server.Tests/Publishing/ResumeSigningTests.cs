using BlockList.Format;
using BlockList.Server.Publishing;
using BlockList.Server.Verifying;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>What the verifier knows of its own signatures when its tables, its file or its answer is lost.</summary>
public sealed class ResumeSigningTests(PostgresFixture postgres) : ResumedWorldTests(postgres)
{
    [Fact]
    public async Task Verifier_that_lost_its_file_too_is_told_the_numbers()
    {
        var (seen, copy) = await LoseTwoVersionsAsync();
        await ForgetAsync();
        Assert.NotNull(await ResumeAsync(copy, seen.Serial, seen.TargetsVersion));
        var refused = await Assert.ThrowsAsync<NotCountersignedException>(() => World.PublishAsync());
        Assert.Contains($"blocklist verifier resume --list {List} --serial {seen.Serial} --targets", refused.Message, StringComparison.Ordinal);
        await RefusedAsync(() => ResumeVerifierAsync(seen.Serial + 1001, seen.TargetsVersion), "jumps so far");
        await RefusedAsync(() => ResumeVerifierAsync(list: "no-such-list"), "never signed list no-such-list");
        Assert.NotNull(await ResumeVerifierAsync(seen.Serial, seen.TargetsVersion));
        Assert.Equal(seen.Serial + 1, Assert.IsType<PublishOutcome.Published>(await World.PublishAsync()).Serial.Value);
    }

    [Fact]
    public async Task Rows_of_its_record_that_somebody_deletes_do_not_make_the_verifier_forget()
    {
        await PublishNameAsync();
        await PublishNameAsync();
        await World.Database.ExecuteAsync("""
            alter table verifying.answer disable trigger all; alter table verifying.serial disable trigger all;
            delete from verifying.answer; delete from verifying.serial where serial > 1;
            alter table verifying.answer enable trigger all; alter table verifying.serial enable trigger all
            """);
        await DecideNameAsync();
        var refused = await Assert.ThrowsAsync<NotCountersignedException>(() => World.PublishAsync());
        Assert.Contains("or somebody deleted rows from it", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Signature_that_was_written_down_and_not_answered_is_answered_by_the_next_start(bool changesSince)
    {
        await PublishNameAsync();
        var before = await World.ReadHeadAsync();
        var line = await LeaveCandidateAsync();
        await AppendLineAsync(line);
        if (changesSince) await DecideNameAsync();
        await World.StartVerifierAsync();

        // Its number is used up, and its serial belongs to its list: the next one is above where that is another.
        var published = Assert.IsType<PublishOutcome.Published>(await PublishWhenAnsweredAsync(line.Candidate));
        Assert.Equal(before.Serial + (changesSince ? 2 : 1), published.Serial.Value);
        Assert.Equal(line.TargetsVersion + 1, (await World.ReadHeadAsync()).TargetsVersion);
        Assert.Empty(World.VerifierLog.At(LogLevel.Critical));
        // The sum of a day goes from version to version.
        Assert.Equal(new SignedStep(before.Serial, 1, 0, DateTimeOffset.MinValue), await StepOfAsync(line.Serial));
        await World.VerifyAsClientAsync();
    }

    [Fact]
    public async Task Signature_that_was_written_down_for_another_document_than_the_candidate_is_a_loss()
    {
        await PublishNameAsync();
        var line = await LeaveCandidateAsync();
        await AppendLineAsync(line with { SignedSha256 = new string('0', 64) });
        await World.StartVerifierAsync();
        Assert.Contains("by the record file on its own host", (await Assert.ThrowsAsync<NotCountersignedException>(() => World.PublishAsync())).Message, StringComparison.Ordinal);
    }

    /// <summary>A candidate that nobody answered, and the line that the verifier would have written of it.</summary>
    private async Task<RecordedSignature> LeaveCandidateAsync()
    {
        await DecideNameAsync();
        await World.StopVerifierAsync();
        await using var hasty = World.NewPublisher(("Publishing:VerifierSeconds", "1"));
        await Assert.ThrowsAsync<NotCountersignedException>(() => hasty.GetRequiredService<PublishVersion>().RunAsync(List, null, Ct));
        await using var command = World.Database.Superuser.CreateCommand("select list, serial, list_sha256, ledger_position, targets_version, id, signed from publishing.candidate order by created_at desc limit 1");
        await using var reader = await command.ExecuteReaderAsync(Ct);
        Assert.True(await reader.ReadAsync(Ct));
        return new RecordedSignature(reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetInt64(3), reader.GetInt32(4), reader.GetGuid(5), Hashes.Sha256(reader.GetFieldValue<byte[]>(6)));
    }

    private async Task AppendLineAsync(RecordedSignature line)
    {
        var key = new RecordKey(Microsoft.Extensions.Options.Options.Create(new VerifyingOptions { RecordKeyFile = World.Keys.VerifierRecordKeyFile }));
        await File.AppendAllTextAsync(World.Keys.VerifierRecordFile, line.ToLine(key) + "\n", Ct);
    }

    private async Task<SignedStep?> StepOfAsync(int serial)
    {
        await using var command = World.Database.Superuser.CreateCommand("select previous_serial, added, freed from verifying.step where serial = $1");
        command.Parameters.AddWithValue(serial);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        return await reader.ReadAsync(Ct) ? new SignedStep(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), DateTimeOffset.MinValue) : null;
    }

    private async Task<PublishOutcome> PublishWhenAnsweredAsync(Guid candidate)
    {
        while (await World.Database.ScalarAsync<long>("select count(*) from verifying.answer where candidate_id = $1 and outcome = 'signed'", candidate) == 0) await Task.Delay(20, Ct);
        return await World.PublishAsync();
    }
}
