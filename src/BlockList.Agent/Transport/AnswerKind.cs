namespace BlockList.Agent.Transport;

internal enum AnswerKind
{
    File,
    NotModified,
    NotFound,
}
