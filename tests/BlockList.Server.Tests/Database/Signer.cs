namespace BlockList.Server.Tests.Database;

/// <summary>A credential as decisions name it.</summary>
internal sealed record Signer(string? Agency, string Person, string Credential);
