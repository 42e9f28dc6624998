using Swim.Recording.Format;

namespace Swim.CSharp.Tests.Recording;

/// <summary>Numbers in a recording: each has one form, and no form reads as another.</summary>
public sealed class RecordingNumberTests
{
    [Theory]
    [InlineData(0UL, "00")]
    [InlineData(127UL, "7f")]
    [InlineData(128UL, "8001")]
    [InlineData(300UL, "ac02")]
    [InlineData(16_383UL, "ff7f")]
    [InlineData(16_384UL, "808001")]
    [InlineData(1UL << 63, "80808080808080808001")]
    [InlineData(ulong.MaxValue, "ffffffffffffffffff01")]
    public void A_varint_has_seven_bits_to_a_byte_the_lowest_first(ulong value, string hex)
    {
        var writer = new ByteWriter(1);
        writer.Varint(value);
        Assert.Equal(hex, Convert.ToHexStringLower(writer.Written));
        var reader = new ByteReader(writer.Written);
        Assert.Equal(value, reader.Varint());
        Assert.True(reader.IsComplete);
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("8000")]
    [InlineData("ff00")]
    [InlineData("ffffffffffffffffff02")]
    [InlineData("ffffffffffffffffffff01")]
    public void Other_forms_are_refused(string hex)
    {
        var reader = new ByteReader(Convert.FromHexString(hex));
        Assert.Equal(0UL, reader.Varint());
        Assert.True(reader.Failed);
        Assert.True(reader.Rest.IsEmpty);
    }

    [Fact]
    public void Numbers_beyond_their_type_are_refused()
    {
        var writer = new ByteWriter(16);
        writer.Varint((ulong)int.MaxValue + 1);
        Assert.True(Fails(writer, (ref ByteReader reader) => reader.Int32()));
        writer.Clear();
        writer.Varint(65_536);
        Assert.True(Fails(writer, (ref ByteReader reader) => reader.UInt16()));
        Assert.False(Fails(writer, (ref ByteReader reader) => reader.Int32()));
        writer.Clear();
        writer.Varint(1UL << 63);
        Assert.True(Fails(writer, (ref ByteReader reader) => reader.Int64()));
        writer.Clear();
        writer.Byte(2);
        Assert.True(Fails(writer, (ref ByteReader reader) => reader.Flag() ? 1 : 0));
    }

    [Theory]
    [InlineData("01" + "02")] // one answer, and a bit that belongs to none
    [InlineData("09" + "ff")] // nine answers, and bits for eight
    [InlineData("ffffffff07" + "ff")]
    public void Answers_without_their_bits_are_refused(string hex)
    {
        var reader = new ByteReader(Convert.FromHexString(hex));
        Assert.Empty(reader.Bits());
        Assert.True(reader.Failed);
    }

    /// <summary>The value that every list of checksums has, and one of each length around eight bytes.</summary>
    [Fact]
    public void The_checksum_is_crc_32c()
    {
        Assert.Equal(0xE3069283, Crc32C.Of("123456789"u8));
        Assert.Equal(0u, Crc32C.Of([]));
        Assert.Equal(0x8A9136AA, Crc32C.Of(new byte[32]));
        Assert.Equal(0xC1D04330, Crc32C.Of("a"u8));
    }

    private delegate long Read(ref ByteReader reader);

    private static bool Fails(ByteWriter writer, Read read)
    {
        var reader = new ByteReader(writer.Written);
        read(ref reader);
        return reader.Failed;
    }
}
