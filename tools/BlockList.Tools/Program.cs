using System.CommandLine;
using BlockList.Tools.Commands;

var root = new RootCommand("Runs, measures and breaks a whole BlockList on this machine (development only).")
{
    Checkout.Option,
    RunCommand.Create(),
    ClusterCommand.Create(),
    ConformanceCommand.Create(),
    AgentWorkCommand.Create(),
    PublishWorkCommand.Create(),
    NamedWorkCommand.Create("bench", "Measures one thing and says whether it meets its goal.", Benches.All),
    NamedWorkCommand.Create("chaos", "Breaks one thing again and again and checks what is left.", Chaos.All),
};
return await CommandLine.InvokeAsync(root, args);
