using BlockList.Format.Tuf;

namespace BlockList.Agent.Enrolment;

/// <summary>The first root of a list, as it came in the bundle.</summary>
internal sealed record BundledRoot(string List, byte[] Bytes, string Sha256, RootDocument Document);
