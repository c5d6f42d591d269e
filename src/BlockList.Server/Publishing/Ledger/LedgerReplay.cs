using BlockList.Format.Statements;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>
/// The state this process has replayed so far, kept between runs. It belongs to one register; under another one, and
/// after any failure, it is replayed from the first row, so that no half-taken run can leave a trace.
/// </summary>
internal sealed class LedgerReplay(IOptions<PublishingOptions> options) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private LedgerState? state;
    private int registerVersion;

    /// <summary>Runs <paramref name="use"/> with the state, one user at a time.</summary>
    public async Task<T> UseAsync<T>(AgencyRegister register, Func<LedgerState, Task<T>> use, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (state is null || registerVersion != register.Version) state = new LedgerState(LedgerKey.Load(options.Value.LedgerKeyFile));
            registerVersion = 0;
            var result = await use(state);
            registerVersion = register.Version;
            return result;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();
}
