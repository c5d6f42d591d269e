using BlockList.Format.Names;
using Npgsql;

namespace BlockList.Server.Names.Register;

/// <summary>The register's rules in the database, as sentences that say what to do.</summary>
internal static class RegisterRefusals
{
    public static NameProblem? Of(PostgresException problem) => problem.ConstraintName switch
    {
        "register_person_holds_the_role" => new("no-role", "You do not hold the role for this change.", "Curators enter critical services and names by hand; a release officer imports lists, enters proven hosts and takes rows out."),
        "register_row_is_new" => new("known-row", "The register has this name from this source already.", "Nothing needs to be done."),
        "register_retires_a_row" or "register_retired_once" => new("no-row", "A colleague took this row out already.", "Look it up again."),
        "register_retired_by_another" => new("own-row", "Nobody takes out a row that they entered.", "Ask another release officer."),
        "register_proven_has_its_proof" => new("no-proof", "No proof of control holds for this name: its record was not found, or more than 30 days ago, or for another agency.", "Have the host's record looked for again, under Hosts of your agency."),
        "register_credential_sequence" => new("signed-twice", "You signed something else meanwhile, in another window.", "Submit this once more."),
        _ => null,
    };
}
