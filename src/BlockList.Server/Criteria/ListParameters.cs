namespace BlockList.Server.Criteria;

/// <summary>Display copy of a list of the register. A list with a test domain has no criteria, leases or votes.</summary>
internal sealed class ListParameters
{
    public required string Id { get; init; }

    public int? AgenciesNeeded { get; set; }

    public int? CountriesNeeded { get; set; }

    public int? LeaseMonths { get; set; }

    /// <summary>Of a national list: only agencies of this country decide on it.</summary>
    public string? Country { get; set; }

    public string? TestDomain { get; set; }
}
