namespace BlockList.Server.Http.Pages;

/// <summary>What is wrong with one field of a form, and how to mend it.</summary>
/// <param name="Field">The id of its input.</param>
/// <param name="Message">For the person who typed.</param>
public sealed record FieldError(string Field, string Message);
