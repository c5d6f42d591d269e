using BlockList.Server.Http.Pages;

namespace BlockList.Server.Access;

/// <param name="Groups">The viewer's own agency, the others in order of country and name, then the operator.</param>
/// <param name="Waiting">Recoveries that this viewer can approve.</param>
/// <param name="Typed">Into the form for someone new, where it could not be taken or was interrupted.</param>
/// <param name="Errors">What is wrong with it.</param>
/// <param name="Done">What was done a moment ago.</param>
internal sealed record PeopleModel(IReadOnlyList<PeopleGroup> Groups, IReadOnlyList<(Person Person, Invitation Invitation)> Waiting, AddPersonRequest? Typed, IReadOnlyList<FieldError> Errors, string? Done);

/// <param name="Agency">Null for the operator.</param>
/// <param name="People">In order of their names.</param>
internal sealed record PeopleGroup(Agency? Agency, IReadOnlyList<PersonRow> People);

/// <param name="Person">Who.</param>
/// <param name="HasPasskey">Whether they can sign in.</param>
/// <param name="Invitation">That is open, for who may see it.</param>
internal sealed record PersonRow(Person Person, bool HasPasskey, Invitation? Invitation);
