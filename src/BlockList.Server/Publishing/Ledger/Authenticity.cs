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
        var (sequence, sha256) = state.HeadOf(decision.Credential);
        if (statement.Id != decision.Id || statement.Credential != decision.Credential || statement.Sequence != decision.Sequence)
            return "the row does not belong to its statement";
        if (statement.Deployment != register.Deployment) return "it was signed for another deployment";
        if (statement.Agency != credential.Agency || statement.Person != credential.Person) return "the credential belongs to another person or agency";
        if (statement.Sequence != sequence + 1) return $"statement {sequence + 1} of the credential is missing";
        return statement.Previous != sha256 ? "the statement before was changed" : null;
    }

    /// <summary>The same of a statement about the never-block register, its own signature included.</summary>
    public static string? FindFault(ReceivedStatement received, NeverBlockState state, AgencyRegister register, out NeverBlockStatement statement)
    {
        statement = null!;
        var credential = register.Credentials[received.Credential];
        if (received.Nonce.Length != DecisionChallenge.NonceLength) return "the nonce has a wrong length";
        if (new Assertion(received.AuthenticatorData, received.ClientData, received.Signature).FindProblem(DecisionChallenge.ForStatement(received.Nonce, received.Statement), register.RelyingParty, credential.PublicKey) is { } problem)
            return problem;
        try
        {
            statement = NeverBlockStatement.Parse(received.Statement);
        }
        catch (MalformedDocumentException malformed)
        {
            return malformed.Message;
        }
        var (sequence, sha256) = state.HeadOf(received.Credential);
        if (statement.Id != received.Id || statement.Credential != received.Credential || statement.Sequence != received.Sequence) return "the row does not belong to its statement";
        if (statement.Deployment != register.Deployment) return "it was signed for another deployment";
        if (statement.Agency != credential.Agency || statement.Person != credential.Person) return "the credential belongs to another person or agency";
        if (statement.Sequence != sequence + 1) return $"statement {sequence + 1} of the credential is missing";
        return statement.Previous != sha256 ? "the statement before was changed" : null;
    }
}
