using BlockList.Server.Http;
using BlockList.Server.Providers.Enrolling;

namespace BlockList.Server.Complaints.Public;

/// <summary>Every reason for which an enrolment is refused, each with what to do. Agents print them as they are.</summary>
internal static class EnrolRefusals
{
    public static Problem Often { get; } = new(StatusCodes.Status429TooManyRequests, "rate-limited", "Too many enrolments from this network",
        "Wait as long as Retry-After says, then run the command again: it goes on with the key that it made.");

    public static Problem Unavailable { get; } = new(StatusCodes.Status503ServiceUnavailable, "unavailable", "Nothing can be enrolled at the moment",
        "The failure was logged for the operator. Run the command again in a minute: it goes on with the key that it made.");

    public static Problem Malformed(string reason) => new(StatusCodes.Status400BadRequest, "enrolment-malformed", "The request for a certificate cannot be used",
        $"{reason} Nothing of it was kept, and the code is as it was.");

    public static Problem Of(RequestAnswer answer) => answer.Outcome switch
    {
        "wrong" => new(StatusCodes.Status403Forbidden, "code-wrong", "This code is not right", "Compare it with what the operator gave you. After five wrong tries a code ends, and the operator has to make another."),
        "expired" => new(StatusCodes.Status403Forbidden, "code-expired", "This code has expired", "A code holds for seven days. Ask the operator for another."),
        "ended" => new(StatusCodes.Status403Forbidden, "code-ended", "This code holds no more", "Another was made in its place, or it was tried too often with wrong signs. Ask the operator for another."),
        "used" => new(StatusCodes.Status403Forbidden, "code-used", "This code was used with another key", "If you enrolled this agent from another directory or machine, go on there. If it was not you, call the operator at once: somebody else has your code."),
        "suspended" => new(StatusCodes.Status403Forbidden, "provider-suspended", "Downloads of this provider are suspended", "Ask the operator for the reason. The code is as it was."),
        "enough" => new(StatusCodes.Status409Conflict, "certificates-enough", "Two certificates of this provider are valid", "More there may not be. Ask the operator to revoke the one that is not used, and run the command again: the code is as it was."),
        "key-in-use" => new(StatusCodes.Status409Conflict, "key-in-use", "This key has a certificate already", "Each certificate has a key of its own. Remove the key that the agent made for this code, and run the command again."),
        RequestAnswer.Refused => new(StatusCodes.Status409Conflict, "certificate-refused", "No certificate was made", $"{answer.Refusal} The code is used up: ask the operator for another."),
        var other => throw new InvalidOperationException(other),
    };
}
