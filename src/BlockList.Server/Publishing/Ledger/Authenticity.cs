using BlockList.Format.Json;
using BlockList.Format.Statements;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>
/// Whether what was received is what a credential of the register signed, next in its own sequence. Asked by the publisher
/// before it takes a statement into its ledger, and by the verifier of every row that it finds there.
/// </summary>
internal static class Authenticity
{
    /// <summary>The signature must cover exactly the statements that are there: none added, none gone, none changed.</summary>
    public static string? FindProblem(ReceivedAssertion assertion, IReadOnlyList<byte[]> statements, RegisteredCredential credential, RelyingParty relyingParty)
    {
        if (statements.Count != assertion.Statements) return "the batch has not as many statements as were signed";
        if (assertion.Form != "batch" && statements.Count != 1) return "a signature over one statement stands over several";
        if (assertion.Nonce.Length != DecisionChallenge.NonceLength) return "the nonce has a wrong length";
        var challenge = assertion.Form == "batch"
            ? DecisionChallenge.ForBatch(assertion.Nonce, MerkleTree.Root(statements))
            : DecisionChallenge.ForStatement(assertion.Nonce, statements[0]);
        return new Assertion(assertion.AuthenticatorData, assertion.ClientData, assertion.Signature).FindProblem(challenge, relyingParty, credential.PublicKey);
    }

    /// <summary>What is wrong with a decision whose assertion holds, or null.</summary>
    public static string? FindFault(ReceivedDecision decision, LedgerState state, AgencyRegister register, out DecisionStatement statement)
    {
        if (FindFault(decision, register, out statement) is { } fault) return fault;
        var (sequence, sha256) = state.HeadOf(decision.Credential);
        if (statement.Sequence != sequence + 1) return $"statement {sequence + 1} of the credential is missing";
        return statement.Previous != sha256 ? "the statement before was changed" : null;
    }

    /// <summary>The same where nobody can say what the credential signed before.</summary>
    public static string? FindFault(ReceivedDecision decision, AgencyRegister register, out DecisionStatement statement)
    {
        statement = null!;
        try
        {
            statement = DecisionStatement.Parse(decision.Statement);
        }
        catch (MalformedDocumentException malformed)
        {
            return malformed.Message;
        }
        var credential = register.Credentials[decision.Credential];
        if (statement.Id != decision.Id || statement.Credential != decision.Credential || statement.Sequence != decision.Sequence)
            return "the row does not belong to its statement";
        if (statement.Deployment != register.Deployment) return "it was signed for another deployment";
        return statement.Agency != credential.Agency || statement.Person != credential.Person ? "the credential belongs to another person or agency" : null;
    }

    /// <summary>The same of a statement about the never-block register, its own signature included.</summary>
    public static string? FindFault(ReceivedStatement received, NeverBlockState state, AgencyRegister register, out NeverBlockStatement statement) =>
        FindFault(received, state.HeadOf(received.Credential), register, bytes => NeverBlockStatement.Parse(bytes), s => new Author(s.Id, s.Deployment, s.Credential, s.Sequence, s.Previous, s.Agency, s.Person), out statement);

    /// <summary>The same of a word on a held version.</summary>
    public static string? FindFault(ReceivedStatement received, VersionDecisions state, AgencyRegister register, out VersionStatement statement) =>
        FindFault(received, state.HeadOf(received.Credential), register, bytes => VersionStatement.Parse(bytes), s => new Author(s.Id, s.Deployment, s.Credential, s.Sequence, s.Previous, s.Agency, s.Person), out statement);

    private static string? FindFault<T>(ReceivedStatement received, (long Sequence, string? Sha256) head, AgencyRegister register, Func<byte[], T> parse, Func<T, Author> authorOf, out T statement) where T : class
    {
        statement = null!;
        var credential = register.Credentials[received.Credential];
        if (received.Nonce.Length != DecisionChallenge.NonceLength) return "the nonce has a wrong length";
        if (new Assertion(received.AuthenticatorData, received.ClientData, received.Signature).FindProblem(DecisionChallenge.ForStatement(received.Nonce, received.Statement), register.RelyingParty, credential.PublicKey) is { } problem)
            return problem;
        try
        {
            statement = parse(received.Statement);
        }
        catch (MalformedDocumentException malformed)
        {
            return malformed.Message;
        }
        var author = authorOf(statement);
        if (author.Id != received.Id || author.Credential != received.Credential || author.Sequence != received.Sequence) return "the row does not belong to its statement";
        if (author.Deployment != register.Deployment) return "it was signed for another deployment";
        if (author.Agency != credential.Agency || author.Person != credential.Person) return "the credential belongs to another person or agency";
        if (author.Sequence != head.Sequence + 1) return $"statement {head.Sequence + 1} of the credential is missing";
        return author.Previous != head.Sha256 ? "the statement before was changed" : null;
    }

    /// <summary>Who says to have signed what, as each kind of statement has it.</summary>
    private readonly record struct Author(Guid Id, string Deployment, string Credential, long Sequence, string? Previous, string Agency, string Person);
}
