using System.Globalization;
using BlockList.Agent;
using BlockList.Agent.Commands;
using BlockList.Agent.State;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
DurableFile.UseUsualMask();
return await AgentCommandLine.RunAsync(args, TimeProvider.System, AgentOutput.OfConsole());
