using System.CommandLine;
using System.Globalization;
using BlockList.Server.Roles;

// Dates, numbers and sorting never depend on the machine's language.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var root = new RootCommand("Keeps, publishes and answers for lists of domains. One subcommand for each role.")
{
    MigrateRole.Command(),
    CurationRole.Command(),
    PublisherRole.Command(),
    DistributionRole.Command(),
    WorkerRole.Command(),
    ProviderCommands.Command(),
};
return await root.Parse(args).InvokeAsync();
