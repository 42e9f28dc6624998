/// The corpus and a bounded run of random inputs, on every build. SWIM_FUZZ_SECONDS=n runs for that long,
/// with other inputs each time; SWIM_SEED=n is the random seed of the inputs.
module internal Swim.Fuzz.FuzzTests

open System
open System.Diagnostics
open Expecto
open Swim
open Swim.Core

let private variable (name: string) =
    match Environment.GetEnvironmentVariable name with
    | null
    | "" -> None
    | text -> Some text

let private seconds = lazy (variable "SWIM_FUZZ_SECONDS" |> Option.map float)

let private randomSeed =
    lazy
        (match variable "SWIM_SEED" with
         | Some randomSeed -> UInt64.Parse randomSeed
         | None when seconds.Value.IsSome -> uint64 DateTime.UtcNow.Ticks
         | None -> 1UL)

let private pool = lazy (Corpus.load () |> List.map snd |> Array.ofList)

let private expectSound (target: Target) name input =
    match Target.fault target input with
    | Some what -> failtest (Report.ofInput target name input what)
    | None -> ()

let private corpusTests =
    [
        testCase "R9.1 each input of the corpus is a packet or an error"
        <| fun () ->
            let target = Target.decode ()

            for name, input in Corpus.load () do
                expectSound target name input

        testCase "R9.1 each input of the corpus leaves every state sound"
        <| fun () ->
            let target = Target.step ()

            for name, input in Corpus.load () do
                if input.Length > 0 then
                    for selector in 0 .. WarmStates.all().Length - 1 do
                        expectSound target name (Array.updateAt 0 (byte selector) input)

        testCase "the corpus is small and holds the initial inputs as they are made now"
        <| fun () ->
            let kept = Corpus.load ()
            Expect.isLessThan (kept |> List.sumBy (fun (_, input) -> int64 input.Length)) Corpus.limit "bytes"
            let kept = Map.ofList kept

            for name, input in InitialInputs.all () do
                if Map.tryFind name kept <> Some input then
                    failtest
                        $"{name} is made otherwise now: dotnet run -c Release --project tests/Swim.Fuzz -- corpus"
    ]

/// All that a state holds of the outside world, to see that it did not change.
let private digest (warm: WarmState) =
    let state = warm.State

    List.ofSeq (State.allMembers state),
    List.ofSeq (State.updatesBacklog state),
    state.Broadcasts.Count,
    state.Probe,
    state.Random

let private run (target: Target) count share =
    let duration =
        match seconds.Value with
        | Some seconds -> Time(TimeSpan.FromSeconds(seconds * share))
        | None -> Inputs count

    let clock = Stopwatch.StartNew()
    let before = WarmStates.all () |> Array.map digest

    let progress (number: int64) (elapsed: TimeSpan) =
        Console.Error.WriteLine $"{target.Name}: {number:N0} inputs in {elapsed.TotalSeconds:F0} s"

    let inputs = Campaign.run target pool.Value randomSeed.Value duration progress
    let elapsed = clock.Elapsed.TotalSeconds

    Console.Error.WriteLine
        $"{target.Name}: {inputs:N0} inputs from random seed {randomSeed.Value} in {elapsed:F1} s, {float inputs / elapsed:N0} a second"

    for warm, before in Array.zip (WarmStates.all ()) before do
        Expect.equal (digest warm) before $"\"{warm.Name}\" is a value: no step changed it"

let private randomTests =
    [
        testCase "R9.1 random inputs are packets or errors"
        <| fun () -> run (Target.decode ()) 2_500_000L 0.2

        testCase "R9.1 random inputs leave a member sound"
        <| fun () -> run (Target.step ()) 1_500_000L 0.8
    ]

let private soundnessTests =
    [
        testCase "random inputs come upon every state, message, kind of event and timer"
        <| fun () ->
            let seen =
                Reach.ofInputs (
                    Seq.init 60_000 (fun number -> Campaign.inputOf pool.Value 1UL (int64 number))
                )

            let expected =
                [
                    for warm in WarmStates.all () do
                        warm.Name
                    yield! Enum.GetNames<MessageKind>()
                    for answer in
                        [ "Ack"; "IndirectPing"; "IndirectAck"; "ForwardedAck"; "Feed"; "TurnUndead" ] do
                        "send " + answer
                    yield! Enum.GetNames<SwimEventKind>()
                    yield! Cases<Timer<NodeIdentity>>.Names
                    yield! [ "DataFromOurselves"; "IndirectForOurselves"; "offer"; "accepted"; "handled" ]
                ]

            Expect.equal (List.except seen expected) [] "not come upon"

        testCase "random inputs are refused in every way, and taken"
        <| fun () ->
            let target = DecodeTarget()

            let answers =
                [
                    for number in 0L .. 20_000L do
                        let input = Campaign.inputOf pool.Value 1UL number

                        if input.Length > 0 then
                            target.Check(Array.tail input)
                ]
                |> List.countBy id
                |> Map.ofList

            for answer in [ SwimError.None; SwimError.Decode; SwimError.MalformedPacket ] do
                Expect.isGreaterThan (Map.find answer answers) 100 $"{answer}"
    ]

let private firstFault (target: Target) =
    Seq.init 200_000 (fun number -> Campaign.inputOf pool.Value 2UL (int64 number))
    |> Seq.tryPick (fun input -> Target.fault target input |> Option.map (fun what -> input, what))

let private netTests =
    [
        let codecs =
            [
                "throws", "threw", FaultyCodec.throwing ()
                "takes what no encoder writes", "is written as", FaultyCodec.lenient ()
                "believes what it is told about lengths", "allocated", FaultyCodec.greedy ()
                "loses count", "is written as", FaultyCodec.short ()
            ]

        for mistake, finding, codec in codecs do
            testCase $"a codec that {mistake} is found"
            <| fun () ->
                match firstFault (Target.decodeWith codec) with
                | Some(_, what) -> Expect.stringContains what finding "for what it is"
                | None -> failtest "not found"

        for mistake, finding, runner in FaultyRunner.all do
            testCase $"a core in which {mistake} is found"
            <| fun () ->
                match firstFault (Target.stepWith runner) with
                | Some(_, what) -> Expect.stringContains what finding "for what it is"
                | None -> failtest "not found"

        testCase "a failure is told with a short input and the command that plays it again"
        <| fun () ->
            let isFault (input: byte[]) = Array.contains 0xABuy input

            let target =
                {
                    Name = "decode"
                    Check =
                        fun input ->
                            if isFault input then
                                Fault.found "it is there"
                }

            let told = Report.ofInput target "Random seed 1, input 2" (Array.init 300 byte) "it is there"

            Expect.stringContains
                told
                "decode: it is there\nRandom seed 1, input 2, an input of 300 bytes: 000102"
                "what"

            Expect.stringEnds told "tests/Swim.Fuzz -- replay decode 00AB" "the shortest that does it"
    ]

let tests =
    testSequenced (
        testList
            "Swim.Fuzz"
            [
                testList "Corpus" corpusTests
                testList "What inputs reach" soundnessTests
                testList "The net catches fish" netTests
                testList "Random inputs" randomTests
            ]
    )
