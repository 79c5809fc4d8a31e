/** MJCF of Ant-v5 without its looks; angles in radians, lengths in metres. */
export const antModel = `<mujoco model="ant">
  <compiler angle="radian" inertiafromgeom="true"/>
  <option timestep="0.01" integrator="RK4"/>
  <size memory="1M"/>
  <default>
    <joint armature="1" damping="1"/>
    <geom type="capsule" density="5" friction="1 0.5 0.5" margin="0.01" conaffinity="0"/>
    <motor gear="150" ctrlrange="-1 1"/>
  </default>
  <worldbody>
    <geom name="floor" type="plane" size="40 40 40" conaffinity="1"/>
    <body name="torso" pos="0 0 0.75">
      <joint name="root" type="free" damping="0" armature="0" margin="0.01"/>
      <geom name="torso_geom" type="sphere" size="0.25"/>
      <body name="front_left_leg">
        <geom name="aux_1_geom" fromto="0 0 0 0.2 0.2 0" size="0.08"/>
        <body name="aux_1" pos="0.2 0.2 0">
          <joint name="hip_1" axis="0 0 1" range="-0.5235987755982988 0.5235987755982988"/>
          <geom name="left_leg_geom" fromto="0 0 0 0.2 0.2 0" size="0.08"/>
          <body pos="0.2 0.2 0">
            <joint name="ankle_1" axis="-1 1 0" range="0.5235987755982988 1.2217304763960306"/>
            <geom name="left_ankle_geom" fromto="0 0 0 0.4 0.4 0" size="0.08"/>
          </body>
        </body>
      </body>
      <body name="front_right_leg">
        <geom name="aux_2_geom" fromto="0 0 0 -0.2 0.2 0" size="0.08"/>
        <body name="aux_2" pos="-0.2 0.2 0">
          <joint name="hip_2" axis="0 0 1" range="-0.5235987755982988 0.5235987755982988"/>
          <geom name="right_leg_geom" fromto="0 0 0 -0.2 0.2 0" size="0.08"/>
          <body pos="-0.2 0.2 0">
            <joint name="ankle_2" axis="1 1 0" range="-1.2217304763960306 -0.5235987755982988"/>
            <geom name="right_ankle_geom" fromto="0 0 0 -0.4 0.4 0" size="0.08"/>
          </body>
        </body>
      </body>
      <body name="back_leg">
        <geom name="aux_3_geom" fromto="0 0 0 -0.2 -0.2 0" size="0.08"/>
        <body name="aux_3" pos="-0.2 -0.2 0">
          <joint name="hip_3" axis="0 0 1" range="-0.5235987755982988 0.5235987755982988"/>
          <geom name="back_leg_geom" fromto="0 0 0 -0.2 -0.2 0" size="0.08"/>
          <body pos="-0.2 -0.2 0">
            <joint name="ankle_3" axis="-1 1 0" range="-1.2217304763960306 -0.5235987755982988"/>
            <geom name="third_ankle_geom" fromto="0 0 0 -0.4 -0.4 0" size="0.08"/>
          </body>
        </body>
      </body>
      <body name="right_back_leg">
        <geom name="aux_4_geom" fromto="0 0 0 0.2 -0.2 0" size="0.08"/>
        <body name="aux_4" pos="0.2 -0.2 0">
          <joint name="hip_4" axis="0 0 1" range="-0.5235987755982988 0.5235987755982988"/>
          <geom name="rightback_leg_geom" fromto="0 0 0 0.2 -0.2 0" size="0.08"/>
          <body pos="0.2 -0.2 0">
            <joint name="ankle_4" axis="1 1 0" range="0.5235987755982988 1.2217304763960306"/>
            <geom name="fourth_ankle_geom" fromto="0 0 0 0.4 -0.4 0" size="0.08"/>
          </body>
        </body>
      </body>
    </body>
  </worldbody>
  <actuator>
    <motor joint="hip_4"/>
    <motor joint="ankle_4"/>
    <motor joint="hip_1"/>
    <motor joint="ankle_1"/>
    <motor joint="hip_2"/>
    <motor joint="ankle_2"/>
    <motor joint="hip_3"/>
    <motor joint="ankle_3"/>
  </actuator>
</mujoco>
`;
