namespace BlockList.Format.Signatures;

/// <summary>One signature of a document: who (key id) and the DER signature.</summary>
public sealed record DocumentSignature(string KeyId, byte[] Value);
