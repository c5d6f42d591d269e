using BlockList.Format.Names;
using BlockList.Server.Access;
using BlockList.Server.Http.Pages;
using BlockList.Server.Names.Register;

namespace BlockList.Server.Names.Pages;

/// <summary>Importing a list of sites: a file is sent and checked, its result read, and signed.</summary>
internal sealed class ImportScreens(ReadRegister read, CheckSiteFile check, ChangeRegister change)
{
    public const string FileField = "file";

    /// <summary>Of the form that signs: the list that it said it replaces.</summary>
    public const string ReplacesField = "replaces";

    public async Task<IResult> ShowFormAsync(string? problem, SiteFile? refused, CancellationToken cancellationToken)
    {
        FieldError[] errors = problem is null ? [] : [new FieldError(FileField, problem)];
        return PageResult.Of<ImportSitesPage>(new ImportSitesModel((await read.SummariseAsync(cancellationToken)).Sites, errors, refused), RegisterScreens.StatusOf(errors, null));
    }

    public async Task<IResult> UploadAsync(Viewer person, IFormFile? file, CancellationToken cancellationToken)
    {
        if (file is null or { FileName.Length: 0 }) return await ShowFormAsync("Choose a file.", null, cancellationToken);
        if (file.Length is 0 or > SiteFile.MaximumLength) return await ShowFormAsync(file.Length == 0 ? "The file is empty. Choose one with lines rank,domain." : "The file is longer than 64 MB. Import its first million lines.", null, cancellationToken);
        var content = new byte[file.Length];
        await using (var stream = file.OpenReadStream()) await stream.ReadExactlyAsync(content, cancellationToken);
        var (sha256, refused) = await check.StoreAsync(content, person, cancellationToken);
        return refused is { Problem: { } problem } ? await ShowFormAsync($"{problem.Message} {problem.Fix}", refused, cancellationToken) : Results.Redirect($"/register/import/{sha256}");
    }

    public async Task<IResult> ShowPlanAsync(string sha256, string reason, IReadOnlyList<FieldError> errors, NameProblem? problem, CancellationToken cancellationToken) =>
        await check.RunAsync(sha256, cancellationToken) is { } plan ? PageResult.Of<ImportPlanPage>(new ImportPlanModel(plan, reason, errors, problem), RegisterScreens.StatusOf(errors, problem)) : NoFile;

    public async Task<IResult> SignAsync(Viewer person, string sha256, string reason, string replaces, CancellationToken cancellationToken)
    {
        if (await check.FindAsync(sha256, cancellationToken) is not { } content) return NoFile;
        var inForce = (await read.SummariseAsync(cancellationToken)).Sites;
        // The same file twice is answered below; another list meanwhile makes other numbers, which nobody has read yet.
        if (SealOf(inForce) != replaces && inForce?.FileSha256 != sha256)
            return await ShowPlanAsync(sha256, reason, [], new NameProblem("replaced", "Another list was imported while you looked at this one.", "The numbers below are against that list. Look at them, and sign if they are right."), cancellationToken);
        return await change.ImportAsync(person, content, reason, cancellationToken) switch
        {
            RegisterOutcome.Done done => Results.Redirect($"/register/rows/{done.Statement}?done=imported"),
            RegisterOutcome.Refused refused => await ShowPlanAsync(sha256, reason, RegisterScreens.ErrorsOf(refused.Problem), RegisterScreens.ProblemOf(refused.Problem), cancellationToken),
            var other => throw new InvalidOperationException(other.ToString()),
        };
    }

    public static string SealOf(RegisterStatement? inForce) => inForce?.Id.ToString() ?? "none";

    private static PageResult NoFile => PageResult.Of<RefusedPage>(new RefusedModel("There is no such file", "The address is of no file that was sent here. Nothing was imported; send the file.", "/register/import", "Choose a file"), StatusCodes.Status404NotFound);
}
