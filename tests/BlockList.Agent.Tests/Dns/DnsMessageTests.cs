using System.Net;
using BlockList.Agent.Dns;

namespace BlockList.Agent.Tests.Dns;

public sealed class DnsMessageTests
{
    private static readonly DnsQuestion Question = new(0x1234, "bad.example", DnsType.A);

    [Fact]
    public void A_query_is_what_RFC_1035_and_RFC_6891_say()
    {
        Assert.Equal(
            "1234" + "0100" + "0001" + "0000" + "0000" + "0001" + "03626164076578616D706C6500" + "0001" + "0001" + "00" + "0029" + "04D0" + "00000000" + "0000",
            Convert.ToHexString(Question.ToBytes()));
    }

    [Theory]
    [InlineData("a..example")]
    [InlineData(".example")]
    [InlineData("b\u00fccher.example")]
    [InlineData("a b.example")]
    [InlineData("a\\.example")]
    public void A_name_that_cannot_be_asked_for_is_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => new DnsQuestion(1, name, DnsType.A));
    }

    [Fact]
    public void Names_up_to_255_octets_can_be_asked_for_and_no_longer_ones()
    {
        var label = new string('a', 63);
        var longest = $"{label}.{label}.{label}.{new string('a', 61)}";

        Assert.Equal(12 + 255 + 4 + 11, new DnsQuestion(1, longest + ".", DnsType.A).ToBytes().Length);
        Assert.Throws<ArgumentException>(() => new DnsQuestion(1, longest + "a", DnsType.A));
        Assert.Throws<ArgumentException>(() => new DnsQuestion(1, label + "a.example", DnsType.A));
    }

    [Fact]
    public void Addresses_are_read_behind_a_chain_of_aliases_and_strangers_are_left_out()
    {
        var answer = Read(
            new Answer(Question)
                .Record("bad.example", DnsType.Cname, Answer.Name("MIDDLE.example"))
                .Record("stranger.example", DnsType.A, [192, 0, 2, 66])
                .Record("end.example", DnsType.A, [192, 0, 2, 1])
                .Record("middle.example", DnsType.Cname, Answer.Name("end.example"))
                .Record("end.example", DnsType.A, [192, 0, 2, 2])
                .Record("end.example", (DnsType)46, [1, 2, 3]));

        Assert.Equal([IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2")], answer.Addresses);
        Assert.Equal(DnsAnswer.NoError, answer.RCode);
        Assert.False(answer.Authoritative);
        Assert.Empty(answer.ExtendedErrors);
    }

    [Fact]
    public void Addresses_of_IPv6_and_serials_are_read()
    {
        var aaaa = new DnsQuestion(7, "Bad.Example.", DnsType.Aaaa);
        var soa = new DnsQuestion(8, "example", DnsType.Soa);

        Assert.Equal(
            [IPAddress.Parse("2001:db8::1")],
            Read(new Answer(aaaa).Record("bad.example", DnsType.Aaaa, IPAddress.Parse("2001:db8::1").GetAddressBytes()), aaaa).Addresses);
        Assert.Equal(
            0x01020304u,
            Read(new Answer(soa).Record("example", DnsType.Soa, [.. Answer.Name("ns.example"), .. Answer.Name("host.example"), 1, 2, 3, 4, .. new byte[16]]), soa).Serial);
    }

    [Fact]
    public void The_reason_for_blocking_and_the_upper_bits_of_the_code_are_read_from_EDNS()
    {
        var answer = Read(new Answer(Question, flags: 0x8580 | 3)
            .Options(extendedRCode: 1, (3, [9, 9]), (15, [0, 15, .. "on a list\n\0"u8.ToArray()]), (15, [0, 17]), (15, [0])));

        Assert.Equal(16 + DnsAnswer.NameError, answer.RCode);
        Assert.True(answer.Authoritative);
        Assert.Equal([new DnsExtendedError(15, "on a list?"), new DnsExtendedError(17, "")], answer.ExtendedErrors);
    }

    [Fact]
    public void Compressed_names_are_followed()
    {
        // The owner is a pointer to the question; the alias is a label and a pointer into the question's name.
        var answer = Read(new Answer(Question)
            .Record([0xC0, 12], DnsType.Cname, [3, (byte)'e', (byte)'n', (byte)'d', 0xC0, 16])
            .Record([3, (byte)'E', (byte)'N', (byte)'D', 0xC0, 16], DnsType.A, [192, 0, 2, 3]));

        Assert.Equal([IPAddress.Parse("192.0.2.3")], answer.Addresses);
    }

    [Fact]
    public void An_answer_to_another_question_is_none()
    {
        Assert.True(DnsMessage.Answers(new Answer(Question).ToBytes(), Question));
        Assert.True(DnsMessage.Answers(new Answer(new DnsQuestion(0x1234, "BAD.example", DnsType.A)).ToBytes(), Question));
        Assert.False(DnsMessage.Answers(new Answer(new DnsQuestion(0x1235, "bad.example", DnsType.A)).ToBytes(), Question));
        Assert.False(DnsMessage.Answers(new Answer(new DnsQuestion(0x1234, "good.example", DnsType.A)).ToBytes(), Question));
        Assert.False(DnsMessage.Answers(new Answer(new DnsQuestion(0x1234, "bad.example", DnsType.Aaaa)).ToBytes(), Question));
        Assert.False(DnsMessage.Answers(new Answer(Question, flags: 0x0180).ToBytes(), Question));
        Assert.False(DnsMessage.Answers(new Answer(Question, flags: 0xA180).ToBytes(), Question));
        Assert.False(DnsMessage.Answers(new Answer(Question, questions: 2).ToBytes(), Question));
        Assert.False(DnsMessage.Answers(new Answer(Question, questions: 0).ToBytes(), Question));
        Assert.False(DnsMessage.Answers(Question.ToBytes(), Question));
        Assert.False(DnsMessage.Answers([], Question));
    }

    [Fact]
    public void Names_that_point_to_themselves_or_forward_or_round_in_circles_are_refused()
    {
        var start = new Answer(Question).ToBytes().Length;

        Assert.All(
            new byte[][]
            {
                [0xC0, (byte)start],
                [0xC0, (byte)(start + 2)],
                [1, (byte)'a', 0xC0, (byte)start],
                [0xFF, 0xFF],
                // Into the middle of itself: a longer name each round, if it were followed.
                [3, (byte)'x', (byte)'x', (byte)'x', 0xC0, (byte)(start + 1)],
            },
            owner => Assert.Contains("points forward", Refusal(new Answer(Question).Record(owner, DnsType.A, [1, 2, 3, 4])), StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_that_pointers_make_too_long_is_refused()
    {
        var label = new byte[64];
        label[0] = 63;
        Array.Fill(label, (byte)'a', 1, 63);
        var first = new Answer(Question).ToBytes().Length;
        var second = first + 64 + 64 + 1 + 10;
        var answer = new Answer(Question)
            .Record([.. label, .. label, 0], (DnsType)99, [])
            .Record([.. label, .. label, (byte)(0xC0 | (first >> 8)), (byte)first], DnsType.A, [1, 2, 3, 4]);

        Assert.True(second < answer.ToBytes().Length);
        Assert.Contains("more than 255 octets", Refusal(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x40)]
    [InlineData(0x80)]
    public void A_label_of_an_unknown_kind_is_refused(byte length)
    {
        Assert.Contains("does not exist", Refusal(new Answer(Question).Record([length, 1, 0], DnsType.A, [1, 2, 3, 4])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(16)]
    public void An_address_of_the_wrong_length_is_refused(int length)
    {
        Assert.Contains($"{length} octets", Refusal(new Answer(Question).Record("bad.example", DnsType.A, new byte[length])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_runs_on_beyond_its_record_is_refused()
    {
        var answer = new Answer(Question)
            .Record("bad.example", DnsType.Cname, [3, (byte)'e'])
            .Record("nd.example", DnsType.A, [1, 2, 3, 4]);

        Assert.Contains("middle of a name", Refusal(answer), StringComparison.Ordinal);
    }

    [Fact]
    public void A_circle_of_aliases_is_refused()
    {
        var answer = new Answer(Question)
            .Record("bad.example", DnsType.Cname, Answer.Name("other.example"))
            .Record("other.example", DnsType.Cname, Answer.Name("bad.example"));

        Assert.Contains("chain", Refusal(answer), StringComparison.Ordinal);
    }

    [Fact]
    public void Odd_octets_in_a_name_cannot_be_taken_for_dots_or_control_characters()
    {
        var answer = Read(new Answer(Question)
            .Record([0xC0, 12], DnsType.Cname, [5, (byte)'a', (byte)'.', 0, 27, (byte)'\\', 0])
            .Record([5, (byte)'a', (byte)'.', 0, 27, (byte)'\\', 0], DnsType.A, [192, 0, 2, 4])
            .Record("a", DnsType.A, [192, 0, 2, 5]));

        Assert.Equal([IPAddress.Parse("192.0.2.4")], answer.Addresses);
    }

    [Fact]
    public void An_answer_cut_off_anywhere_is_refused_and_nothing_else_is_thrown()
    {
        var whole = FullAnswer();
        Assert.True(DnsMessage.Answers(whole, Question));

        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole[..length];
            if (DnsMessage.Answers(cut, Question))
                Assert.Throws<DnsProbeException>(() => DnsMessage.Read(cut, Question));
        }
    }

    [Fact]
    public void Whatever_bytes_are_changed_an_answer_is_read_or_refused_and_nothing_else_is_thrown()
    {
        var whole = FullAnswer();
        var read = 0;
        for (var position = 0; position < whole.Length; position++)
        {
            foreach (var value in (byte[])[0, 1, 0x3F, 0x40, 0x7F, 0x80, 0xC0, 0xFF, (byte)position])
            {
                var changed = whole.ToArray();
                changed[position] = value;
                if (!DnsMessage.Answers(changed, Question))
                    continue;
                var failure = Record.Exception(() => DnsMessage.Read(changed, Question));
                Assert.True(failure is null or DnsProbeException, $"Position {position}, value {value}: {failure}");
                read++;
            }
        }

        Assert.True(read > 500, "Most changes should still look like an answer to the question.");
    }

    private static byte[] FullAnswer() => new Answer(Question)
        .Record([0xC0, 12], DnsType.Cname, [3, (byte)'e', (byte)'n', (byte)'d', 0xC0, 16])
        .Record([3, (byte)'e', (byte)'n', (byte)'d', 0xC0, 16], DnsType.A, [192, 0, 2, 3])
        .Record("example", DnsType.Soa, [.. Answer.Name("ns.example"), .. Answer.Name("host.example"), 1, 2, 3, 4, .. new byte[16]])
        .Options(extendedRCode: 0, (15, [0, 15, .. "blocked"u8.ToArray()]))
        .ToBytes();

    private static DnsAnswer Read(Answer answer, DnsQuestion? question = null)
    {
        Assert.True(DnsMessage.Answers(answer.ToBytes(), question ?? Question));
        return DnsMessage.Read(answer.ToBytes(), question ?? Question);
    }

    private static string Refusal(Answer answer) =>
        Assert.Throws<DnsProbeException>(() => Read(answer)).Message;
}
