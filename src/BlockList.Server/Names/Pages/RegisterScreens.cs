using BlockList.Format.Names;
using BlockList.Server.Access;
using BlockList.Server.Http.Pages;
using BlockList.Server.Names.Register;

namespace BlockList.Server.Names.Pages;

/// <summary>The register's pages for one person, and their forms: shown, shown again with what is wrong, carried out.</summary>
internal sealed class RegisterScreens(AskRegister ask, ReadRegister read, CurrentGuard guards, ChangeRegister change, FindTouched touched)
{
    public const string ReasonField = "reason";

    public static readonly PageResult NotThere = PageResult.Of<RefusedPage>(new RefusedModel("The register has no such row", "The address is of no statement of the register. Look the name up.", "/register", "Go to the register"), StatusCodes.Status404NotFound);

    public async Task<IResult> ShowAsync(string? asked, Scope scope, RegisterSource? source, long? before, CancellationToken cancellationToken) => PageResult.Of<RegisterPage>(new RegisterModel(
        asked ?? "", scope, await ask.RunAsync(asked, scope, cancellationToken), await read.SummariseAsync(cancellationToken), await guards.FindWeaknessesAsync(cancellationToken),
        source, await read.RowsAsync(source, before, cancellationToken), before is null));

    public async Task<IResult> ShowHistoryAsync(long? before, CancellationToken cancellationToken) =>
        PageResult.Of<RegisterHistoryPage>(new RegisterHistoryModel(await read.HistoryAsync(before, cancellationToken), before is null));

    public async Task<IResult> ShowRowAsync(Guid id, string reason, IReadOnlyList<FieldError> errors, NameProblem? problem, string? done, CancellationToken cancellationToken)
    {
        if (await read.FindAsync(id, cancellationToken) is not { } row) return NotThere;
        var isInForce = row.Retired is null && (row.Action == "add" || (row.Action == "import" && (await read.SummariseAsync(cancellationToken)).Sites?.Id == id));
        return PageResult.Of<RegisterRowPage>(new RegisterRowModel(row, isInForce, reason, errors, problem, done), StatusOf(errors, problem));
    }

    public async Task<IResult> RetireAsync(Viewer person, Guid id, string reason, CancellationToken cancellationToken) => await change.RetireAsync(person, id, reason, cancellationToken) switch
    {
        RegisterOutcome.Done => Results.Redirect($"/register/rows/{id}?done=retired"),
        RegisterOutcome.Refused refused => await ShowRowAsync(id, reason, ErrorsOf(refused.Problem), ProblemOf(refused.Problem), null, cancellationToken),
        var other => throw new InvalidOperationException(other.ToString()),
    };

    public async Task<IResult> ShowAddAsync(TypedRow typed, IReadOnlyList<FieldError> errors, NameProblem? problem, CancellationToken cancellationToken)
    {
        var (preview, _) = await PreviewAsync(typed, cancellationToken);
        return PageResult.Of<AddRowPage>(new AddRowModel(typed, errors.Count > 0 ? null : preview, errors, problem), StatusOf(errors, problem));
    }

    /// <summary>Asks once more before it signs: with what the row would touch, and again where that has changed since.</summary>
    public async Task<IResult> AddAsync(Viewer person, TypedRow typed, CancellationToken cancellationToken)
    {
        var (preview, errors) = await PreviewAsync(typed, cancellationToken);
        if (typed.Reason.Trim().Length is 0 or > RegisterReason.MaximumLength) errors.Add(new FieldError(ReasonField, $"Write why, in at most {RegisterReason.MaximumLength} characters: the next person has nothing else to go by."));
        if (errors.Count > 0 || preview is null) return await ShowAddAsync(typed, errors, null, cancellationToken);
        if (typed.Checked != preview.Seal) return PageResult.Of<AddRowPage>(new AddRowModel(typed, preview, [], null));
        return await change.AddAsync(person, preview.Name, preview.Source, null, typed.Reason, cancellationToken) switch
        {
            RegisterOutcome.Done done => Results.Redirect($"/register/rows/{done.Statement}?done=added"),
            RegisterOutcome.Refused refused => await ShowAddAsync(typed, ErrorsOf(refused.Problem), ProblemOf(refused.Problem), cancellationToken),
            var other => throw new InvalidOperationException(other.ToString()),
        };
    }

    internal static int StatusOf(IReadOnlyList<FieldError> errors, NameProblem? problem) => errors.Count > 0 || problem is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;

    internal static IReadOnlyList<FieldError> ErrorsOf(NameProblem problem) => problem.Code == "no-reason" ? [new FieldError(ReasonField, problem.Fix)] : [];

    internal static NameProblem? ProblemOf(NameProblem problem) => problem.Code == "no-reason" ? null : problem;

    private async Task<(AddPreview? Preview, List<FieldError> Errors)> PreviewAsync(TypedRow typed, CancellationToken cancellationToken)
    {
        var errors = new List<FieldError>();
        DomainName? name = null;
        if (PastedAddress.Reduce(typed.Name).Host is not { Length: > 0 } host) errors.Add(new FieldError("name", "Type the domain name."));
        else if (!DomainName.TryParse(host, out name, out var problem)) errors.Add(new FieldError("name", $"{problem.Message} {problem.Fix}"));
        else if (change.FindObjection(name) is { } objection) errors.Add(new FieldError("name", $"{objection.Message} {objection.Fix}"));
        if (!SourceText.TryParse(typed.Source, out var source) || source is not (RegisterSource.Critical or RegisterSource.Hand)) errors.Add(new FieldError("source", "Choose why it must not be listed."));
        if (errors.Count > 0) return (null, errors);
        var found = await touched.RunAsync(name!, cancellationToken);
        return (new AddPreview(name!, source, found, $"{name!.Ascii} {typed.Source} {string.Join(' ', found.Select(f => $"{f.List}:{f.Entries}"))}"), errors);
    }
}
