using System.CommandLine;
using BlockList.Tools.Commands;

var root = new RootCommand("Runs, measures and breaks a whole BlockList on this machine (development only).")
{
    Checkout.Option,
    ClusterCommand.Create(),
};
return await CommandLine.InvokeAsync(root, args);
