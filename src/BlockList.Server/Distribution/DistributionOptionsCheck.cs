using Microsoft.Extensions.Options;

namespace BlockList.Server.Distribution;

/// <summary>Refuses to start on a setting that could not work, rather than at the first provider's request.</summary>
internal sealed class DistributionOptionsCheck : IValidateOptions<DistributionOptions>
{
    public ValidateOptionsResult Validate(string? name, DistributionOptions options)
    {
        var problems = new List<string>();
        TlsMaterial.Load(options, problems);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
