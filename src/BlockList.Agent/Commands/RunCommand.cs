using System.CommandLine;
using System.Runtime.InteropServices;
using BlockList.Agent.Running;
using BlockList.Agent.Transport;

namespace BlockList.Agent.Commands;

internal static class RunCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("run", "Keeps every list in force until it is stopped.");
        CommandContext.SetAction(command, async (parsed, output, ct) =>
        {
            using var notify = ServiceNotify.FromEnvironment();
            var daemon = new RunDaemon(context.ConfigPath(parsed), context.Time, output, Patience.Default, notify, Chances.OfMachine);
            using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
            {
                signal.Cancel = true;
                daemon.ReadAgain();
            });
            await daemon.RunAsync(ct);
            return ExitCode.Done;
        });
        return command;
    }
}
