using BlockList.Format.Statements;

namespace BlockList.Server.Curation;

/// <summary>A statement ready to be signed, with the texts whose hashes it holds.</summary>
internal sealed record PreparedDecision(DecisionStatement Statement, byte[] Bytes, Annotation? Annotation);
