using System.Text.Json.Nodes;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Data;
using BlockList.Server.Oversight;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Names.Register;

/// <summary>
/// Enters a name into the never-block register, takes a row out, or imports a list of sites: a statement that the person
/// signs, its row and its audit row in one transaction.
/// </summary>
internal sealed class ChangeRegister(IDbContextFactory<BlockListDb> contexts, NpgsqlDataSource database, IStatementSigner signer, PublicSuffixes suffixes,
    IOptions<RelyingPartyOptions> options, TimeProvider clock)
{
    /// <summary>Why a name cannot be entered, whoever signs; null where it can.</summary>
    public NameProblem? FindObjection(DomainName name) => suffixes.Locate(name.Ascii).Registrable < 0
        ? new NameProblem("public-suffix", $"{name.Ascii} is a public suffix, which nobody can list anyway.", "Enter the name below it that is to be protected.") : null;

    /// <param name="person">Who signs.</param>
    /// <param name="name">What is not to be listed, with all below it.</param>
    /// <param name="source"><see cref="RegisterSource.Critical"/> or <see cref="RegisterSource.Hand"/>, or <see cref="RegisterSource.Proven"/> with a proof.</param>
    /// <param name="proof">The proof of control, for proven names.</param>
    /// <param name="reason">Why, in words.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public Task<RegisterOutcome> AddAsync(Viewer person, DomainName name, RegisterSource source, Guid? proof, string reason, CancellationToken cancellationToken) =>
        FindObjection(name) is { } objection ? Task.FromResult<RegisterOutcome>(new RegisterOutcome.Refused(objection)) : SignAsync(person, reason, blank => blank with { Action = NeverBlockAction.Add, Source = SourceText.Print(source), Name = name, Proof = proof }, null, cancellationToken);

    /// <summary>Takes a row, or the list of sites, out again: somebody else than who brought it.</summary>
    public async Task<RegisterOutcome> RetireAsync(Viewer person, Guid row, string reason, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var retired = await db.RegisterDecisions.AsNoTracking().SingleOrDefaultAsync(d => d.Id == row && d.Action != "retire", cancellationToken);
        if (retired is null) return await Refuse("no-row", "The register has no such row.", "Look it up again: a colleague may have taken it out.");
        DomainName? name = null;
        if (retired.Name is not null) _ = DomainName.TryParseCanonical(retired.Name, out name);
        return await SignAsync(person, reason, blank => blank with { Action = NeverBlockAction.Retire, Source = retired.Source, Name = name, Retires = row }, null, cancellationToken);
    }

    /// <summary>Replaces the list of sites by a file of lines <c>rank,domain</c>.</summary>
    public async Task<RegisterOutcome> ImportAsync(Viewer person, byte[] file, string reason, CancellationToken cancellationToken)
    {
        var read = SiteFile.Read(file, new NameTable.Builder(file.Length / 20), 0);
        if (read.Problem is { } problem) return new RegisterOutcome.Refused(problem);
        var sha256 = Hashes.Sha256(file);
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await using var command = new NpgsqlCommand("select file_sha256 from names.site_list", connection);
            if (await command.ExecuteScalarAsync(cancellationToken) as string == sha256)
                return await Refuse("same-file", "This very file is in force already.", "Nothing needs to be done.");
        }
        return await SignAsync(person, reason, blank => blank with { Action = NeverBlockAction.Import, Source = NeverBlockStatement.TopSites, FileSha256 = sha256 }, (file, read), cancellationToken);
    }

    private async Task<RegisterOutcome> SignAsync(Viewer person, string reason, Func<NeverBlockStatement, NeverBlockStatement> fill, (byte[] Content, SiteFile Read)? file, CancellationToken cancellationToken)
    {
        reason = reason.Trim();
        if (reason.Length is 0 or > RegisterReason.MaximumLength)
            return await Refuse("no-reason", "A change of the register has a reason.", $"Write why, in at most {RegisterReason.MaximumLength} characters: the next person has nothing else to go by.");
        var (credentialId, none) = signer.Find(person);
        if (credentialId is null) return await Refuse("no-passkey", none!, "Ask the operator.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var credential = await db.Credentials.AsNoTracking().SingleOrDefaultAsync(c => c.Id == credentialId && c.Person == person.Person, cancellationToken);
        if (credential is null) return await Refuse("no-passkey", "Your passkey for decisions is not in the agency register.", "Ask your agency's administrator.");
        if (credential.Agency is null) return await Refuse("no-agency", "People of no agency decide about complaints only.", "Ask a release officer.");
        // As the publisher will: whom the register of agencies does not know in this role, its tables may.
        var draft = fill(Blank(credential, ""));
        if (!credential.Roles.Contains(RegisteredCredential.ReleaseOfficer) && !(draft is { Action: NeverBlockAction.Add, Source: not NeverBlockStatement.Proven } && credential.Roles.Contains(RegisteredCredential.Curator)))
            return await Refuse("no-role", "Your passkey for decisions does not stand in the agency register with the role that this change takes.", "Ask your agency's administrator; the next version of the agency register has to give it the role.");
        var text = RegisterReason.Of(reason);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            var (sequence, previous) = await StoreRegisterDecision.HeadAsync(connection, credentialId, cancellationToken);
            var statement = fill(Blank(credential, text.Sha256)) with { Sequence = sequence + 1, Previous = previous };
            var bytes = statement.ToCanonicalBytes();
            var (nonce, assertion) = signer.Sign(person, nonce => DecisionChallenge.ForStatement(nonce, bytes));
            if (assertion.FindProblem(DecisionChallenge.ForStatement(nonce, bytes), options.Value.RelyingParty, credential.PublicKey) is { } problem)
                return await Refuse("signature", $"The signature does not hold: {problem}.", "Sign once more.");
            await StoreRegisterDecision.RunAsync(connection, statement, bytes, nonce, assertion, text, file, cancellationToken);
            await AuditLog.AppendAsync(connection, person.Person, "register." + NeverBlockStatement.Print(statement.Action), statement.Id.ToString(),
                new JsonObject { ["source"] = statement.Source, ["agency"] = statement.Agency, ["file"] = statement.FileSha256, ["rows"] = file?.Read.Rows, ["retires"] = statement.Retires?.ToString() }, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new RegisterOutcome.Done(statement.Id, file?.Read);
        }
        catch (PostgresException problem) when (RegisterRefusals.Of(problem) is not null)
        {
            return new RegisterOutcome.Refused(RegisterRefusals.Of(problem)!);
        }
    }

    private NeverBlockStatement Blank(Credential credential, string reasonSha256) => new()
    {
        Deployment = options.Value.Deployment,
        Id = Guid.CreateVersion7(clock.GetUtcNow()),
        Action = NeverBlockAction.Add,
        Source = NeverBlockStatement.Hand,
        ReasonSha256 = reasonSha256,
        Agency = credential.Agency!,
        Person = credential.Person,
        Credential = credential.Id,
        Sequence = 1,
        Previous = null,
        DecidedAt = Timestamp.Truncate(clock.GetUtcNow()),
    };

    private static Task<RegisterOutcome> Refuse(string code, string message, string fix) => Task.FromResult<RegisterOutcome>(new RegisterOutcome.Refused(new NameProblem(code, message, fix)));
}
