using BlockList.Server.Http.Pages;

namespace BlockList.Server.Access;

/// <param name="Person">Who.</param>
/// <param name="AgencyName">Null for people of the operator.</param>
/// <param name="RegisteredRoles">For which the signed register names a key of theirs.</param>
/// <param name="Passkeys">How many they have.</param>
/// <param name="Sessions">How many are open.</param>
/// <param name="Invitation">That is open.</param>
/// <param name="InviterName">Of it; null for the operator's command.</param>
/// <param name="ApproverName">Of it; null where nobody has approved.</param>
/// <param name="Typed">Roles as they were chosen, where they could not be taken or the form was interrupted.</param>
/// <param name="Errors">What is wrong with them.</param>
/// <param name="Done">What was done a moment ago.</param>
internal sealed record PersonModel(Person Person, string? AgencyName, IReadOnlyList<string> RegisteredRoles, int Passkeys, int Sessions, Invitation? Invitation, string? InviterName, string? ApproverName,
    IReadOnlyList<string>? Typed, IReadOnlyList<FieldError> Errors, string? Done);
