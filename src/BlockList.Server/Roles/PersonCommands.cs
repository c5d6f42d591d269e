using System.CommandLine;
using System.Globalization;
using BlockList.Server.Access;
using BlockList.Server.Http.Pages;
using CsvHelper;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Roles;

/// <summary>Accounts by hand, under the login of role <c>curation</c>: how an installation gets its first administrators.</summary>
internal static class PersonCommands
{
    private static readonly string[] Columns = ["id", "name", "agency", "roles"];

    private static string Login => Environment.UserName;

    public static Command Command() => new("person", "Adds accounts and invites their people to sign in.") { Add(), Invite() };

    private static Command Add()
    {
        var id = new Argument<string?>("id") { Description = "what decisions and the audit log call the person, for example anna.berg", Arity = ArgumentArity.ZeroOrOne };
        var name = new Option<string?>("--name") { Description = "as colleagues know the person" };
        var agency = new Option<string?>("--agency") { Description = "id of the agency; none for people of the operator" };
        var roles = new Option<string[]>("--roles") { Description = string.Join(", ", RoleNames.All), AllowMultipleArgumentsPerToken = true };
        var file = new Option<FileInfo?>("--file") { Description = "CSV with id,name,agency,roles (separated by spaces) in place of one person; ids that exist stay as they are" };
        return Create("add", "Adds one account, or those of a file.", async (parsed, services, cancellationToken) =>
        {
            if ((parsed.GetValue(id) is null) == (parsed.GetValue(file) is null)) throw new RoleException("Say whom: an id with --name and --roles, or --file FILE for several.");
            var requests = parsed.GetValue(file) is { } several
                ? Read(several)
                : [new AddPersonRequest(parsed.GetRequiredValue(id)!, parsed.GetValue(name) ?? throw new RoleException("Say the person's name with --name."), parsed.GetValue(agency), parsed.GetValue(roles) ?? [])];
            var (add, added) = (services.GetRequiredService<AddPerson>(), 0);
            foreach (var request in requests)
            {
                switch (await add.RunAsync(request, "operator:" + Login, cancellationToken))
                {
                    case AddPersonOutcome.Added:
                        added++;
                        break;
                    case AddPersonOutcome.Unfit unfit:
                        throw new RoleException($"{request.Id}: {unfit.Problem}{Before(added)}");
                    case AddPersonOutcome.IdTaken when parsed.GetValue(file) is null:
                        throw new RoleException($"There is an account {request.Id} already; nothing was changed.");
                }
            }
            return parsed.GetValue(file) is null ? $"Added {requests[0].Id}. Invite them with: blocklist person invite {requests[0].Id}" : $"Added {added} of {requests.Count}; the others were there already.";
        }, id, name, agency, roles, file);
    }

    private static Command Invite()
    {
        var id = new Argument<string>("id") { Description = "of the account" };
        return Create("invite", "Prints a link that makes a passkey, once.", async (parsed, services, cancellationToken) =>
        {
            var person = parsed.GetRequiredValue(id);
            var origin = services.GetRequiredService<IOptions<PageOptions>>().Value.Origin;
            switch (await services.GetRequiredService<InvitePerson>().RunForOperatorAsync(person, Login, cancellationToken))
            {
                case InvitePersonOutcome.Invited invited:
                    await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                        $"Good until {invited.Invitation.ExpiresAt.UtcDateTime:ddd d MMM yyyy, HH:mm} UTC, once; shown now and never again.{(invited.Invitation.WaitsForApproval ? " This person had a passkey before: the link opens nothing until an administrator or a curator of their agency, or an administrator of the operator, approves it on the page Agencies and people." : "")}"));
                    return Invitations.LinkOf(origin, invited.Secret);
                case InvitePersonOutcome.NoSuchPerson:
                    throw new RoleException($"There is no account {person}. Add it with: blocklist person add {person} --name NAME --roles ROLES");
                default:
                    throw new RoleException($"{person} has left and is not invited again. Someone who comes back gets a new account with a new id.");
            }
        }, id);
    }

    private static List<AddPersonRequest> Read(FileInfo file)
    {
        if (!file.Exists) throw new RoleException($"There is no file {file.FullName}.");
        var broken = 0;
        using var csv = CsvReader.Create(File.ReadAllBytes(file.FullName), new CsvReaderOptions { Separator = ',', TrimWhitespace = true, TrackLineNumbers = true, OnMalformedRecord = record => broken = (int)record.LineNumber });
        csv.ReadHeader();
        if (!Columns.SequenceEqual([.. csv.Headers])) throw new RoleException($"The first line of {file.Name} must be: {string.Join(',', Columns)}");
        var requests = new List<AddPersonRequest>();
        while (csv.Read() && broken == 0)
        {
            if (csv.FieldCount == Columns.Length) requests.Add(new AddPersonRequest(csv.GetString(0), csv.GetString(1), csv.GetString(2) is { Length: > 0 } agency ? agency : null, csv.GetString(3).Split(' ', StringSplitOptions.RemoveEmptyEntries)));
            else broken = (int)csv.LineNumber;
        }
        return broken == 0 ? requests : throw new RoleException($"Line {broken} of {file.Name} does not have the four fields {string.Join(',', Columns)}; nothing was added.");
    }

    private static string Before(int added) => added == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {added} before it were added.");

    private static Command Create(string name, string description, Func<ParseResult, IServiceProvider, CancellationToken, Task<string>> run, params Symbol[] symbols) =>
        RoleCommand.Create(name, description, (services, _) =>
        {
            services.AddAccess();
            services.AddOptions<PageOptions>().BindConfiguration("Curation").ValidateDataAnnotations();
        }, async (parsed, services, cancellationToken) =>
        {
            Console.WriteLine(await run(parsed, services, cancellationToken));
            return 0;
        }, symbols);
}
