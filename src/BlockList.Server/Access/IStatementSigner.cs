using BlockList.Format.Statements;

namespace BlockList.Server.Access;

/// <summary>Where a person's decision credential is asked for its signature.</summary>
internal interface IStatementSigner
{
    /// <summary>The credential that signs for the person, or a sentence that says why none can.</summary>
    (string? Credential, string? Problem) Find(Viewer person);

    /// <summary>One assertion.</summary>
    /// <param name="person">Who signs.</param>
    /// <param name="challengeOf">The challenge over what is decided, for the nonce that the signer chose.</param>
    (byte[] Nonce, Assertion Assertion) Sign(Viewer person, Func<byte[], byte[]> challengeOf);
}
