using System.CommandLine;
using System.Globalization;
using BlockList.Server.Roles;

// Dates, numbers and sorting never depend on the machine's language.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var root = new RootCommand("Keeps, publishes and answers for lists of domains. One subcommand for each role.")
{
    // The schema, at deploy.
    MigrateRole.Command(),

    // curation: agencies and the operator.
    CurationWeb.Command(),
    CurationRole.RegisterCommand(),
    CurationRole.ScheduleCommand(),
    CurationRole.ImportCommand(),
    CurationRole.EntriesCommand(),
    NeverBlockCommands.Command(),
    ProviderCommands.Command(),
    PersonCommands.Command(),
#if BLOCKLIST_DEVELOPMENT
    BlockList.Server.Development.DecideCommand.Create(),
#endif

    // publisher: faces nobody.
    PublisherRole.Command(),
    PublisherRole.PublishCommand(),
    ApproveCommand.Create(),
    RebuildCommand.Create(),
    LedgerCommands.Command(),

    // verifier: faces nobody, and shares nothing with the publisher but the database.
    VerifierRole.Command(),

    // issuer: faces nobody, and holds the key that providers' certificates are signed with.
    IssuerRole.Command(),

    // distribution: providers.
    DistributionRole.Command(),

    // portal: the public.
    PortalRole.Command(),

    // worker: sweeps.
    WorkerRole.Command(),

    // checker: DNS.
    CheckerRole.Command(),
};
// A role that is told to stop finishes what it sends; what takes longer is cut.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
