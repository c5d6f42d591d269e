namespace BlockList.Format.Names;

/// <summary>Why a text was refused as a domain name, in words for the person who typed it.</summary>
/// <param name="Code">Stable kebab-case word for programs and tests: <c>empty</c>, <c>url</c>, <c>email</c>,
/// <c>address</c>, <c>port</c>, <c>wildcard</c>, <c>defanged</c>, <c>space</c>, <c>invisible</c>, <c>underscore</c>,
/// <c>character</c>, <c>hyphen</c>, <c>reserved-hyphens</c>, <c>punycode</c>, <c>unicode</c>, <c>mixed-direction</c>,
/// <c>empty-label</c>, <c>label-too-long</c>, <c>name-too-long</c>, <c>no-room-for-zone</c>, <c>single-label</c>,
/// <c>numeric-top-label</c>. Guards above this library add codes of their own.</param>
/// <param name="Message">What was found, and why it cannot be listed.</param>
/// <param name="Fix">What to enter instead, with the very name where one can be read out of the text.</param>
public sealed record NameProblem(string Code, string Message, string Fix);
