namespace BlockList.Server.Tests.Distribution;

/// <summary>What the read audit says of one request.</summary>
internal sealed record DownloadRow(Guid? Provider, string? List, string Path, int Status, string? Refusal, long Bytes);
