module Swim.Core.Tests.Main

open Expecto

let private all =
    testList
        "Swim.Core"
        [
            IdentityRules.tests
            MemberRules.tests
            UpdateRules.tests
            ConnectionRules.tests
            OwnIdentityRules.tests
            OperationRules.tests
            ProbeRules.tests
            SuspicionRules.tests
            SendingRules.tests
            PacketRules.tests
            ReceivingRules.tests
            ConfigRules.tests
            ErrorRules.tests
            AmendmentRules.tests
            RefutationRules.tests
            AddressClaimRules.tests
            ForgettingRules.tests
            ConfirmationRules.tests
            LocalHealthRules.tests
            SizingRules.tests
            DriverRules.tests
            JoinPolicyRules.tests
            RandomGeneratorTests.tests
            VectorTests.tests
            HashIndexTests.tests
            MemberTableTests.tests
            RandomDrawTests.tests
            TombstonesTests.tests
            BacklogTests.tests
            PacketTests.tests
            RecordProperties.tests
            UpdateProperties.tests
            BacklogProperties.tests
            ProbeOrderProperties.tests
            ConfigProperties.tests
            InvariantTests.tests
            RandomTraces.tests
            ClusterTraces.tests
            DeterminismTests.tests
            ModelTests.tests
            AmendmentTranscripts.tests
            CorrespondenceTests.tests
        ]

[<EntryPoint>]
let main arguments =
    if Array.contains AmendmentTranscripts.WriteArgument arguments then
        AmendmentTranscripts.write ()
    else
        runTestsWithCLIArgs [] arguments all
