using System.Globalization;
using BlockList.Agent;
using BlockList.Agent.Commands;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return await AgentCommandLine.RunAsync(args, TimeProvider.System, AgentOutput.OfConsole());
