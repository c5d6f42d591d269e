namespace BlockList.Server.Names;

/// <summary>
/// What the list says of one name, by the section that says it; <see cref="SuffixSection.Unlisted"/> where it says nothing.
/// </summary>
/// <param name="Itself">The rule <c>name</c>.</param>
/// <param name="Below">The rule <c>*.name</c>.</param>
/// <param name="Exception">The rule <c>!name</c>.</param>
internal readonly record struct SuffixRule(SuffixSection Itself, SuffixSection Below, SuffixSection Exception);
