using System.Text;
using BlockList.Format.Lists;
using Xunit;

namespace BlockList.Format.Tests.Lists;

public sealed class ManifestTests
{
    [Fact]
    public void A_manifest_has_six_lines_whatever_the_culture()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        try
        {
            // Its native digits, calendar and minus sign are not those of the file.
            Thread.CurrentThread.CurrentCulture = new("fa-IR");
            var manifest = new Manifest("worst-of", Serial.Create(1234), 56789, new string('a', 64),
                new(2026, 11, 21, 7, 0, 0, 500, TimeSpan.FromHours(1)), new(2027, 11, 21, 6, 0, 0, TimeSpan.Zero));

            Assert.Equal($"""
                list: worst-of
                version: 1234
                count: 56789
                sha256: {new string('a', 64)}
                published: 2026-11-21T06:00:00Z
                expires: 2027-11-21T06:00:00Z

                """, Encoding.ASCII.GetString(manifest.ToBytes()));
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }
}
